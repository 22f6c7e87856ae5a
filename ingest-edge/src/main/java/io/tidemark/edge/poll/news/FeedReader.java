package io.tidemark.edge.poll.news;

import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.NewsItem;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.poll.Fields;
import io.tidemark.edge.poll.RecordSink;
import java.io.ByteArrayInputStream;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * News items of an RSS 2.0 feed (rssboard.org/rss-specification) or an Atom feed (RFC 4287).
 *
 * <p>Read as it comes. A document type, and with it every entity of its own, is refused: no feed needs one, and what
 * it can do (files read, memory filled) nobody wants. An item whose date cannot be read has the time of receipt only.
 */
final class FeedReader {
    private static final XMLInputFactory XML = XMLInputFactory.newFactory();
    private static final int LONGEST_TEXT = 1 << 20;
    private static final int DEEPEST = 64;

    /** Zones of RFC 822 that Java's own format does not take. */
    private static final Map<String, String> ZONES = Map.of(
            "UT", "+0000", "UTC", "+0000", "Z", "+0000", "EST", "-0500", "EDT", "-0400", "CST", "-0600", "CDT", "-0500",
            "PST", "-0800", "PDT", "-0700");

    static {
        XML.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        XML.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XML.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
        XML.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("an external entity: " + systemId);
        });
    }

    private final RecordSink.Target target;
    private final List<String> symbols;
    private final RecordSink sink;
    private String publisher = "";
    private int items;

    private FeedReader(RecordSink.Target target, List<String> symbols, RecordSink sink) {
        this.target = target;
        this.symbols = symbols;
        this.sink = sink;
    }

    /** Throws for what is neither of the two; {@code symbols} are what the feed is about. */
    static void read(byte[] text, RecordSink.Target target, List<String> symbols, RecordSink sink)
            throws BadFrameException {
        try {
            XMLStreamReader in = XML.createXMLStreamReader(new ByteArrayInputStream(text));
            try {
                new FeedReader(target, symbols, sink).feed(in);
            } finally {
                in.close();
            }
        } catch (XMLStreamException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNumber() + ", column "
                            + e.getLocation().getColumnNumber();
            String what = String.valueOf(e.getMessage());
            throw new BadFrameException(
                    Reason.MALFORMED, "no XML" + where + ": " + what.substring(what.lastIndexOf('\n') + 1));
        }
    }

    private void feed(XMLStreamReader in) throws XMLStreamException, BadFrameException {
        int begun = 0;
        int depth = 0;
        while (in.hasNext()) {
            switch (in.next()) {
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_DECLARATION ->
                    throw new BadFrameException(Reason.MALFORMED, "the feed has a document type, which is not read");
                case XMLStreamConstants.START_ELEMENT -> {
                    String name = in.getLocalName();
                    if (begun++ == 0 && !name.equals("rss") && !name.equals("feed") && !name.equals("RDF")) {
                        throw new BadFrameException(Reason.UNKNOWN_TYPE, "<" + name + "> is no RSS or Atom feed");
                    }
                    if (name.equals("item") || name.equals("entry")) {
                        int line = in.getLocation().getLineNumber();
                        item(fields(in, name), line);
                    } else if (name.equals("title") && publisher.isEmpty() && depth <= 2) {
                        publisher = text(in);
                    } else if (++depth > DEEPEST) {
                        throw new BadFrameException(Reason.MALFORMED, "elements within elements, " + depth + " deep");
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> depth--;
                default -> {
                    // White space and comments.
                }
            }
        }
        if (begun == 0) {
            throw new BadFrameException(Reason.MALFORMED, "the feed is empty");
        }
    }

    /** The texts of an item's own elements; the first of each name counts. */
    private static Map<String, String> fields(XMLStreamReader in, String end)
            throws XMLStreamException, BadFrameException {
        Map<String, String> fields = new LinkedHashMap<>();
        while (in.hasNext()) {
            int at = in.next();
            if (at == XMLStreamConstants.END_ELEMENT && in.getLocalName().equals(end)) {
                return fields;
            }
            if (at != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            String name = in.getLocalName();
            if (name.equals("link") && in.getAttributeValue(null, "href") != null) {
                String rel = in.getAttributeValue(null, "rel");
                String href = in.getAttributeValue(null, "href");
                if (rel == null || rel.equals("alternate")) {
                    fields.putIfAbsent("link", href);
                }
                text(in);
            } else {
                String prefix = in.getPrefix() == null || in.getPrefix().isEmpty() ? "" : in.getPrefix() + ":";
                fields.putIfAbsent(prefix + name, text(in));
            }
        }
        throw new XMLStreamException("the feed ends within an item");
    }

    /** All text within the element, of elements within it too; stands at its end afterwards. */
    private static String text(XMLStreamReader in) throws XMLStreamException, BadFrameException {
        StringBuilder text = new StringBuilder();
        int depth = 1;
        while (in.hasNext()) {
            switch (in.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++depth > DEEPEST) {
                        throw new BadFrameException(Reason.MALFORMED, "elements within elements, " + depth + " deep");
                    }
                    text.append(' ');
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (--depth == 0) {
                        return text.toString().strip();
                    }
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    if (in.getTextLength() > LONGEST_TEXT - text.length()) {
                        throw new BadFrameException(
                                Reason.MALFORMED, "a text of more than " + LONGEST_TEXT + " characters");
                    }
                    text.append(in.getText());
                }
                case XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new BadFrameException(
                            Reason.MALFORMED, "the entity &" + in.getLocalName() + "; is not known");
                default -> {
                    // Comments.
                }
            }
        }
        throw new XMLStreamException("the feed ends within <" + in.getLocalName() + ">");
    }

    private void item(Map<String, String> fields, int line) {
        items++;
        String title = first(fields, "title");
        String link = first(fields, "link");
        String summary = first(fields, "description", "summary", "content", "content:encoded");
        String id = first(fields, "guid", "id", "link");
        if (id.isEmpty() || (title.isEmpty() && summary.isEmpty())) {
            sink.bad(
                    new BadFrameException(
                            Reason.MISSING_FIELD,
                            "an item without " + (id.isEmpty() ? "id and link" : "title and text")),
                    fields.toString(),
                    "item " + items + " at line " + line);
            return;
        }
        String by = first(fields, "source", "dc:publisher");
        sink.event(
                target,
                time(first(fields, "pubDate", "published", "updated", "dc:date")),
                Envelope.newBuilder()
                        .setNews(NewsItem.newBuilder()
                                .setItemId(id)
                                .setTitle(title)
                                .setPublisher(by.isEmpty() ? publisher : by)
                                .setLink(link)
                                .setSummary(summary)
                                .addAllSymbols(symbols))
                        .build());
    }

    private static String first(Map<String, String> fields, String... names) {
        for (String name : names) {
            String text = fields.getOrDefault(name, "");
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    /** {@code ABSENT} for what is no date. */
    static long time(String text) {
        if (text.isEmpty()) {
            return EventEncoder.ABSENT;
        }
        try {
            return Fields.nanos(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            // Then of the other kind.
        }
        String date = text.replaceAll("\\s+", " ");
        int space = date.lastIndexOf(' ');
        String zone = space < 0 ? "" : date.substring(space + 1).toUpperCase(Locale.ROOT);
        if (ZONES.containsKey(zone)) {
            date = date.substring(0, space + 1) + ZONES.get(zone);
        }
        try {
            return Fields.nanos(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return EventEncoder.ABSENT;
        }
    }
}
