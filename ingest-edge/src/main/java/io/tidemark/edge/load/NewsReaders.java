package io.tidemark.edge.load;

import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.NewsItem;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.poll.Fields;
import io.tidemark.edge.poll.JsonRecords;
import io.tidemark.edge.poll.RecordSink;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** News: Yahoo's searches, and a company's filings as the SEC lists them. */
final class NewsReaders {
    private static final RecordSink.Target TARGET =
            new RecordSink.Target(Channel.NEWS.label(), Channel.WHOLE_CONNECTION, "");

    private NewsReaders() {}

    static void yahoo(InputFile file, RecordSink sink) throws IOException, BadFrameException {
        try (JsonRecords json = JsonRecords.of(file.open())) {
            json.expect(JsonToken.START_OBJECT, "the answer");
            if (!json.find("news")) {
                throw new BadFrameException(Reason.MISSING_FIELD, "the answer has no news");
            }
            for (JsonToken at = json.token(); at == JsonToken.START_OBJECT; at = json.token()) {
                String position = json.position();
                Map<String, String> fields = json.object();
                try {
                    NewsItem.Builder item = NewsItem.newBuilder()
                            .setItemId(Fields.required(fields, "uuid"))
                            .setTitle(Fields.required(fields, "title"))
                            .setPublisher(Fields.text(fields, "publisher"))
                            .setLink(Fields.text(fields, "link"));
                    String tickers = Fields.text(fields, "relatedTickers[]");
                    if (!tickers.isEmpty()) {
                        item.addAllSymbols(List.of(tickers.split(JsonRecords.LIST, -1)));
                    }
                    sink.event(
                            TARGET,
                            Fields.seconds(fields.get("providerPublishTime"), "providerPublishTime"),
                            Envelope.newBuilder().setNews(item).build());
                } catch (BadFrameException e) {
                    sink.bad(e, fields.toString(), position);
                }
            }
            while (json.token() != null) {
                json.skip();
            }
        }
    }

    /** {@code filings.recent}: columns of equal length. */
    static void submissions(InputFile file, RecordSink sink) throws IOException, BadFrameException {
        Map<String, String> company = new HashMap<>();
        Map<String, List<@Nullable String>> columns = new LinkedHashMap<>();
        try (JsonRecords json = JsonRecords.of(file.open())) {
            json.expect(JsonToken.START_OBJECT, "the company");
            for (JsonToken at = json.token(); at == JsonToken.FIELD_NAME; at = json.token()) {
                String name = json.text();
                JsonToken value = json.token();
                if (name.equals("filings") && value == JsonToken.START_OBJECT) {
                    filings(json, columns);
                } else if (value == JsonToken.START_ARRAY) {
                    StringBuilder list = new StringBuilder();
                    for (String element : json.array()) {
                        list.append(list.isEmpty() ? "" : JsonRecords.LIST).append(element == null ? "" : element);
                    }
                    company.put(name + "[]", list.toString());
                } else if (value != null && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    company.put(name, json.text());
                } else {
                    json.skip();
                }
            }
            json.end();
        }
        List<@Nullable String> ids = columns.get("accessionNumber");
        if (ids == null) {
            throw new BadFrameException(Reason.MISSING_FIELD, "filings.recent.accessionNumber is missing");
        }
        for (Map.Entry<String, List<@Nullable String>> column : columns.entrySet()) {
            if (column.getValue().size() != ids.size()) {
                throw new BadFrameException(
                        Reason.MALFORMED,
                        "filings.recent." + column.getKey() + " has "
                                + column.getValue().size() + " entries, accessionNumber " + ids.size());
            }
        }
        for (int i = 0; i < ids.size(); i++) {
            Map<String, String> filing = new LinkedHashMap<>();
            for (Map.Entry<String, List<@Nullable String>> column : columns.entrySet()) {
                String text = column.getValue().get(i);
                if (text != null && !text.isEmpty()) {
                    filing.put(column.getKey(), text);
                }
            }
            try {
                filing(company, filing, sink);
            } catch (BadFrameException e) {
                sink.bad(e, filing.toString(), "filing " + (i + 1));
            }
        }
    }

    private static void filings(JsonRecords json, Map<String, List<@Nullable String>> columns)
            throws IOException, BadFrameException {
        for (JsonToken at = json.token(); at == JsonToken.FIELD_NAME; at = json.token()) {
            boolean recent = json.text().equals("recent");
            JsonToken value = json.token();
            if (!recent || value != JsonToken.START_OBJECT) {
                json.skip();
                continue;
            }
            for (JsonToken in = json.token(); in == JsonToken.FIELD_NAME; in = json.token()) {
                String column = json.text();
                json.expect(JsonToken.START_ARRAY, "filings.recent." + column);
                columns.put(column, json.array());
            }
        }
    }

    private static void filing(Map<String, String> company, Map<String, String> filing, RecordSink sink)
            throws BadFrameException {
        String id = Fields.required(filing, "accessionNumber");
        String form = Fields.required(filing, "form");
        String items = Fields.text(filing, "items");
        String document = Fields.text(filing, "primaryDocument");
        long cik = Fields.whole(company.get("cik"), "cik");
        NewsItem.Builder item = NewsItem.newBuilder()
                .setItemId(id)
                .setTitle(Fields.text(company, "name") + ": " + form + (items.isEmpty() ? "" : " (" + items + ")"))
                .setPublisher("SEC EDGAR")
                .setLink("https://www.sec.gov/Archives/edgar/data/" + cik + "/" + id.replace("-", "")
                        + (document.isEmpty() ? "" : "/" + document))
                .setSummary(Fields.text(filing, "primaryDocDescription"));
        String tickers = Fields.text(company, "tickers[]");
        if (!tickers.isEmpty()) {
            item.addAllSymbols(List.of(tickers.split(JsonRecords.LIST, -1)));
        }
        sink.event(TARGET, time(filing), Envelope.newBuilder().setNews(item).build());
    }

    private static long time(Map<String, String> filing) throws BadFrameException {
        String accepted = Fields.text(filing, "acceptanceDateTime");
        if (accepted.isEmpty()) {
            return Fields.midnight(Fields.day(Fields.required(filing, "filingDate"), "filingDate"));
        }
        try {
            return Fields.nanos(OffsetDateTime.parse(accepted).toInstant());
        } catch (DateTimeException e) {
            throw new BadFrameException(Reason.MALFORMED, "acceptanceDateTime: \"" + accepted + "\" is no time");
        }
    }
}
