package io.tidemark.store.stack;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.ByteString;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Fundamental;
import io.tidemark.contracts.proto.NewsItem;
import io.tidemark.contracts.proto.OptionRight;
import io.tidemark.contracts.proto.OptionSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;

/** Recorded answers of public services as events. Tests without the recordings are skipped, but not with CI=true. */
public final class RecordedFacts {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true)
            .build();

    private RecordedFacts() {}

    private static JsonNode read(String relative) throws IOException {
        String set = System.getenv("TIDEMARK_DATA");
        Path file = (set != null ? Path.of(set) : Path.of("../../shared/data")).resolve(relative);
        if (!Files.exists(file)) {
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError("no recordings: " + file + " is missing");
            }
            Assumptions.abort("no recordings: " + file + " is missing");
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return JSON.readTree(in);
        }
    }

    private static ByteString decimal(JsonNode number) {
        return Events.decimal(new BigDecimal(number.asText()).toPlainString());
    }

    private static int day(String date) {
        return (int) LocalDate.parse(date).toEpochDay();
    }

    /** All facts of one company, every filing's. */
    public static List<Envelope> companyFacts(String relative, String symbol) throws IOException {
        List<Envelope> events = new ArrayList<>();
        for (Map.Entry<String, JsonNode> taxonomy : read(relative).get("facts").properties()) {
            for (Map.Entry<String, JsonNode> concept : taxonomy.getValue().properties()) {
                for (Map.Entry<String, JsonNode> unit :
                        concept.getValue().get("units").properties()) {
                    for (JsonNode fact : unit.getValue()) {
                        Fundamental.Builder built = Fundamental.newBuilder()
                                .setTaxonomy(taxonomy.getKey())
                                .setConcept(concept.getKey())
                                .setUnit(unit.getKey())
                                .setPeriodEnd(day(fact.get("end").asText()))
                                .setValue(decimal(fact.get("val")))
                                .setAccession(fact.get("accn").asText())
                                .setForm(fact.get("form").asText())
                                .setFiled(day(fact.get("filed").asText()));
                        if (fact.hasNonNull("start")) {
                            built.setPeriodStart(day(fact.get("start").asText()));
                        }
                        if (fact.hasNonNull("fy")) {
                            built.setFiscalYear(fact.get("fy").asInt())
                                    .setFiscalPeriod(fact.path("fp").asText(""));
                        }
                        Envelope.Builder event = Facts.fundamental("", built.getFiled(), "0");
                        events.add(event.setSymbol(symbol).setFundamental(built).build());
                    }
                }
            }
        }
        return events;
    }

    /** A chain's calls and puts as snapshots of one moment. */
    public static List<Envelope> optionChain(String relative, long time) throws IOException {
        List<Envelope> events = new ArrayList<>();
        JsonNode chain = read(relative).get("optionChain").get("result").get(0);
        for (JsonNode options : chain.get("options")) {
            for (String side : List.of("calls", "puts")) {
                for (JsonNode contract : options.get(side)) {
                    OptionSnapshot.Builder built = OptionSnapshot.newBuilder()
                            .setContract(contract.get("contractSymbol").asText())
                            .setUnderlying(chain.get("underlyingSymbol").asText())
                            .setExpiry(contract.get("expiration").asLong() * Bars.SECOND)
                            .setStrike(decimal(contract.get("strike")))
                            .setRight(
                                    side.equals("calls")
                                            ? OptionRight.OPTION_RIGHT_CALL
                                            : OptionRight.OPTION_RIGHT_PUT);
                    if (contract.hasNonNull("bid")) {
                        built.setBidPrice(decimal(contract.get("bid")));
                    }
                    if (contract.hasNonNull("volume")) {
                        built.setVolume(decimal(contract.get("volume")));
                    }
                    events.add(Facts.option("", time, "0")
                            .setSource("yahoo")
                            .setSymbol(built.getUnderlying())
                            .setOption(built)
                            .build());
                }
            }
        }
        return events;
    }

    /** The items of a search. */
    public static List<Envelope> newsItems(String relative) throws IOException {
        List<Envelope> events = new ArrayList<>();
        for (JsonNode item : read(relative).get("news")) {
            NewsItem.Builder built = NewsItem.newBuilder()
                    .setItemId(item.get("uuid").asText())
                    .setTitle(item.get("title").asText())
                    .setPublisher(item.get("publisher").asText())
                    .setLink(item.get("link").asText());
            item.path("relatedTickers").forEach(ticker -> built.addSymbols(ticker.asText()));
            events.add(Facts.news("", item.get("providerPublishTime").asLong() * Bars.SECOND, "0")
                    .setSource("yahoo")
                    .setNews(built)
                    .build());
        }
        return events;
    }
}
