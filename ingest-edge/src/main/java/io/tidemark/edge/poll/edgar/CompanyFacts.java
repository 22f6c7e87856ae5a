package io.tidemark.edge.poll.edgar;

import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Fundamental;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.poll.Fields;
import io.tidemark.edge.poll.JsonRecords;
import io.tidemark.edge.poll.Numbers;
import io.tidemark.edge.poll.RecordSink;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;

/**
 * The facts of one company as the SEC publishes them:
 * {@code facts.<taxonomy>.<concept>.units.<unit>[]}, see "EDGAR Application Programming Interfaces" on
 * sec.gov/search-filings/edgar-application-programming-interfaces.
 *
 * <p>Read as it comes, so that the megabytes of a large company are never held as a tree. A fact's exchange time is
 * midnight UTC of the day it was filed.
 */
public final class CompanyFacts {
    private final Numbers numbers;
    private final RecordSink sink;
    private RecordSink.Target target;

    private CompanyFacts(Numbers numbers, RecordSink sink, RecordSink.Target target) {
        this.numbers = numbers;
        this.sink = sink;
        this.target = target;
    }

    /** The venue's own name of a company. */
    public static String venueSymbol(long cik) {
        return String.format("CIK%010d", cik);
    }

    /** {@code symbolOf} gives the symbol for the company's venue symbol. */
    public static void decode(JsonRecords json, Function<String, String> symbolOf, Numbers numbers, RecordSink sink)
            throws IOException, BadFrameException {
        CompanyFacts facts = new CompanyFacts(numbers, sink, new RecordSink.Target("", "", ""));
        json.expect(JsonToken.START_OBJECT, "the company");
        for (JsonToken at = json.token(); at == JsonToken.FIELD_NAME; at = json.token()) {
            String name = json.text();
            JsonToken value = json.token();
            if (name.equals("cik")) {
                String company = venueSymbol(Fields.whole(json.text(), "cik"));
                facts.target = new RecordSink.Target(Channel.FUNDAMENTALS.label(), symbolOf.apply(company), company);
            } else if (name.equals("facts") && value == JsonToken.START_OBJECT) {
                if (facts.target.symbol().isEmpty()) {
                    throw new BadFrameException(Reason.MISSING_FIELD, "cik is missing before the facts");
                }
                facts.taxonomies(json);
            } else {
                json.skip();
            }
        }
        if (facts.target.symbol().isEmpty()) {
            throw new BadFrameException(Reason.MISSING_FIELD, "cik is missing");
        }
        json.end();
    }

    private void taxonomies(JsonRecords json) throws IOException, BadFrameException {
        for (JsonToken at = json.token(); at == JsonToken.FIELD_NAME; at = json.token()) {
            String taxonomy = json.text();
            json.expect(JsonToken.START_OBJECT, "the concepts of " + taxonomy);
            for (JsonToken in = json.token(); in == JsonToken.FIELD_NAME; in = json.token()) {
                String concept = json.text();
                json.expect(JsonToken.START_OBJECT, "the concept " + concept);
                concept(json, taxonomy, concept);
            }
        }
    }

    private void concept(JsonRecords json, String taxonomy, String concept) throws IOException, BadFrameException {
        for (JsonToken at = json.token(); at == JsonToken.FIELD_NAME; at = json.token()) {
            boolean units = json.text().equals("units");
            JsonToken value = json.token();
            if (!units || value != JsonToken.START_OBJECT) {
                json.skip();
                continue;
            }
            for (JsonToken in = json.token(); in == JsonToken.FIELD_NAME; in = json.token()) {
                String unit = json.text();
                json.expect(JsonToken.START_ARRAY, "the facts of " + concept);
                for (JsonToken fact = json.token(); fact == JsonToken.START_OBJECT; fact = json.token()) {
                    String position = json.position();
                    fact(taxonomy, concept, unit, json.object(), position);
                }
            }
        }
    }

    private void fact(String taxonomy, String concept, String unit, Map<String, String> fields, String position) {
        numbers.begin();
        try {
            int filed = fields.containsKey("filed") ? Fields.day(Fields.text(fields, "filed"), "filed") : 0;
            Fundamental.Builder fact = Fundamental.newBuilder()
                    .setTaxonomy(taxonomy)
                    .setConcept(concept)
                    .setUnit(unit)
                    .setPeriodEnd(Fields.day(Fields.required(fields, "end"), "end"))
                    .setValue(numbers.required(fields.get("val"), "val"))
                    .setAccession(Fields.text(fields, "accn"))
                    .setFiscalPeriod(Fields.text(fields, "fp"))
                    .setForm(Fields.text(fields, "form"))
                    .setFrame(Fields.text(fields, "frame"));
            if (fields.containsKey("start")) {
                fact.setPeriodStart(Fields.day(Fields.text(fields, "start"), "start"));
            }
            if (fields.containsKey("fy")) {
                fact.setFiscalYear((int) Fields.whole(fields.get("fy"), "fy"));
            }
            if (fields.containsKey("filed")) {
                fact.setFiled(filed);
            }
            fact.setRounded(numbers.rounded());
            sink.event(
                    target,
                    fields.containsKey("filed") ? Fields.midnight(filed) : EventEncoder.ABSENT,
                    Envelope.newBuilder().setFundamental(fact).build());
        } catch (BadFrameException e) {
            sink.bad(
                    new BadFrameException(e.reason(), taxonomy + ":" + concept + " in " + unit + ": " + e.getMessage()),
                    fields.toString(),
                    position);
        }
    }
}
