package io.tidemark.edge.poll.deribit;

import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.OptionRight;
import io.tidemark.contracts.proto.OptionSnapshot;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.poll.Fields;
import io.tidemark.edge.poll.JsonRecords;
import io.tidemark.edge.poll.Numbers;
import io.tidemark.edge.poll.PollRequest;
import io.tidemark.edge.poll.PollSource;
import io.tidemark.edge.poll.RecordSink;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options of Deribit, by {@code public/get_instruments}, {@code public/get_book_summary_by_currency} and, for the
 * contracts named in the settings, {@code public/ticker}, which alone has greeks and sizes; see
 * docs.deribit.com/api-reference.
 *
 * <p>Expiry and strike come from the list of instruments, which is asked for again each hour and when a summary names
 * a contract that it did not have; until then such a contract waits for the next round. Volatilities are percentages
 * there and fractions in the record, exactly a hundredth. The stream's symbol is BASE-QUOTE of the underlying.
 */
public final class DeribitOptions implements PollSource {
    private static final Duration INSTRUMENTS_LAST = Duration.ofHours(1);

    private record Contract(String underlying, long expiry, String strike, OptionRight right) {}

    private final String address;
    private final List<String> currencies;
    private final List<String> contracts;
    private final Numbers numbers;
    private final InstantSource clock;
    private final Map<String, Map<String, Contract>> known = new HashMap<>();
    private final Map<String, Long> askedAt = new HashMap<>();

    public DeribitOptions(
            String address, List<String> currencies, List<String> contracts, Numbers numbers, InstantSource clock) {
        this.address = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        this.currencies = List.copyOf(currencies);
        this.contracts = List.copyOf(contracts);
        this.numbers = numbers;
        this.clock = clock;
    }

    @Override
    public Topics family() {
        return Topics.OPTIONS;
    }

    @Override
    public List<PollRequest> round(Recorded recorded) {
        List<PollRequest> requests = new ArrayList<>();
        long now = clock.millis();
        for (String currency : currencies) {
            Long last = askedAt.get(currency);
            if (last == null || now - last >= INSTRUMENTS_LAST.toMillis() || now < last) {
                requests.add(request(
                        "instruments " + currency,
                        "get_instruments?currency=" + currency + "&kind=option&expired=false",
                        currency));
            }
            requests.add(request(
                    "summary " + currency,
                    "get_book_summary_by_currency?currency=" + currency + "&kind=option",
                    currency));
        }
        for (String contract : contracts) {
            requests.add(request(
                    "ticker " + contract,
                    "ticker?instrument_name=" + URLEncoder.encode(contract, StandardCharsets.UTF_8),
                    contract.substring(0, Math.max(1, contract.indexOf('-')))));
        }
        return requests;
    }

    private PollRequest request(String id, String rest, String currency) {
        return new PollRequest(id, URI.create(address + "/api/v2/public/" + rest), symbol(currency), currency, false);
    }

    /** {@code BTC} is of BTC-USD, {@code SOL_USDC} of SOL-USDC. */
    private static String symbol(String underlying) {
        return underlying.contains("_") ? underlying.replace('_', '-') : underlying + "-USD";
    }

    @Override
    public boolean decode(PollRequest request, byte[] answer, RecordSink sink) throws BadFrameException, IOException {
        int space = request.id().indexOf(' ');
        String what = request.id().substring(0, space);
        String of = request.id().substring(space + 1);
        try (JsonRecords json = JsonRecords.of(answer)) {
            json.expect(JsonToken.START_OBJECT, "the answer");
            if (!json.find("result")) {
                throw new BadFrameException(Reason.MISSING_FIELD, "the answer has no result");
            }
            switch (what) {
                case "instruments" -> instruments(json, of, sink);
                case "summary" -> summary(json, of, sink);
                default -> {
                    String position = json.position();
                    option(json.object(), true, position, sink);
                }
            }
            // What follows the result is read to its end, so that a cut answer is not taken for a whole one.
            while (json.token() == JsonToken.FIELD_NAME) {
                json.token();
                json.skip();
            }
            json.end();
        }
        return false;
    }

    private void instruments(JsonRecords json, String currency, RecordSink sink) throws IOException, BadFrameException {
        Map<String, Contract> found = new HashMap<>();
        for (JsonToken at = json.token(); at == JsonToken.START_OBJECT; at = json.token()) {
            String position = json.position();
            Map<String, String> fields = json.object();
            try {
                String name = Fields.required(fields, "instrument_name");
                int dash = name.indexOf('-');
                found.put(
                        name,
                        new Contract(
                                dash < 0 ? Fields.required(fields, "base_currency") : name.substring(0, dash),
                                Fields.millis(fields.get("expiration_timestamp"), "expiration_timestamp"),
                                Fields.required(fields, "strike"),
                                right(Fields.required(fields, "option_type"))));
            } catch (BadFrameException e) {
                sink.bad(e, fields.toString(), position);
            }
        }
        known.put(currency, found);
        askedAt.put(currency, clock.millis());
    }

    private static OptionRight right(String text) throws BadFrameException {
        return switch (text) {
            case "call" -> OptionRight.OPTION_RIGHT_CALL;
            case "put" -> OptionRight.OPTION_RIGHT_PUT;
            default -> throw new BadFrameException(Reason.UNKNOWN_TYPE, "option_type: \"" + text + "\"");
        };
    }

    private void summary(JsonRecords json, String currency, RecordSink sink) throws IOException, BadFrameException {
        for (JsonToken at = json.token(); at == JsonToken.START_OBJECT; at = json.token()) {
            String position = json.position();
            Map<String, String> fields = json.object();
            if (contract(fields) == null && fields.containsKey("instrument_name")) {
                // Listed since the instruments were asked for.
                askedAt.remove(currency);
            } else {
                option(fields, false, position, sink);
            }
        }
    }

    private @Nullable Contract contract(Map<String, String> fields) {
        String name = fields.getOrDefault("instrument_name", "");
        for (Map<String, Contract> some : known.values()) {
            Contract contract = some.get(name);
            if (contract != null) {
                return contract;
            }
        }
        return null;
    }

    private void option(Map<String, String> fields, boolean ticker, String position, RecordSink sink) {
        numbers.begin();
        try {
            String name = Fields.required(fields, "instrument_name");
            Contract contract = contract(fields);
            if (contract == null) {
                throw new BadFrameException(Reason.UNKNOWN_SYMBOL, name + " is not among the instruments");
            }
            OptionSnapshot.Builder option = OptionSnapshot.newBuilder()
                    .setContract(name)
                    .setUnderlying(contract.underlying)
                    .setExpiry(contract.expiry)
                    .setStrike(numbers.required(contract.strike, "strike"))
                    .setRight(contract.right);
            Reader reader = new Reader(fields, numbers);
            reader.give(ticker ? "best_bid_price" : "bid_price", 0, option::setBidPrice);
            reader.give(ticker ? "best_ask_price" : "ask_price", 0, option::setAskPrice);
            reader.give(ticker ? "last_price" : "last", 0, option::setLastPrice);
            reader.give("mark_price", 0, option::setMarkPrice);
            reader.give(ticker ? "stats.volume" : "volume", 0, option::setVolume);
            reader.give("open_interest", 0, option::setOpenInterest);
            reader.give("mark_iv", 2, option::setImpliedVolatility);
            reader.give("underlying_price", 0, option::setUnderlyingPrice);
            reader.give("best_bid_amount", 0, option::setBidSize);
            reader.give("best_ask_amount", 0, option::setAskSize);
            reader.give("greeks.delta", 0, option::setDelta);
            reader.give("greeks.gamma", 0, option::setGamma);
            reader.give("greeks.vega", 0, option::setVega);
            reader.give("greeks.theta", 0, option::setTheta);
            reader.give("greeks.rho", 0, option::setRho);
            option.setRounded(numbers.rounded());
            String time = ticker ? "timestamp" : "creation_timestamp";
            sink.event(
                    new RecordSink.Target(Channel.OPTIONS.label(), symbol(contract.underlying), contract.underlying),
                    Fields.millis(fields.get(time), time),
                    Envelope.newBuilder().setOption(option).build());
        } catch (BadFrameException e) {
            sink.bad(e, fields.toString(), position);
        }
    }

    /** Sets what is there. */
    private record Reader(Map<String, String> fields, Numbers numbers) {
        interface Setter {
            OptionSnapshot.Builder set(com.google.protobuf.ByteString value);
        }

        void give(String field, int places, Setter setter) throws BadFrameException {
            com.google.protobuf.ByteString value = numbers.scaled(fields.get(field), field, places);
            if (value != null) {
                setter.set(value);
            }
        }
    }
}
