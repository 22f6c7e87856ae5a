package io.tidemark.edge.poll.edgar;

import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.poll.JsonRecords;
import io.tidemark.edge.poll.Numbers;
import io.tidemark.edge.poll.PollRequest;
import io.tidemark.edge.poll.PollSource;
import io.tidemark.edge.poll.RecordSink;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Company facts of the SEC: {@code GET /api/xbrl/companyfacts/CIK##########.json} of data.sec.gov, one request for
 * each company and round. The SEC wants a User-Agent with a contact and at most ten requests per second, see
 * sec.gov/about/webmaster-frequently-asked-questions#developers.
 */
public final class EdgarFacts implements PollSource {
    /** What the SEC allows. */
    public static final double MOST_PER_SECOND = 10;

    private final List<PollRequest> requests = new ArrayList<>();
    private final Map<String, String> symbols;
    private final Numbers numbers;

    /** {@code symbols}: by {@link CompanyFacts#venueSymbol}. */
    public EdgarFacts(String address, Map<String, String> symbols, Numbers numbers) {
        this.symbols = Map.copyOf(symbols);
        this.numbers = numbers;
        String base = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        symbols.forEach((company, symbol) -> requests.add(new PollRequest(
                company, URI.create(base + "/api/xbrl/companyfacts/" + company + ".json"), symbol, company, true)));
    }

    @Override
    public Topics family() {
        return Topics.FUNDAMENTALS;
    }

    @Override
    public List<PollRequest> round(Recorded recorded) {
        return requests;
    }

    @Override
    public boolean decode(PollRequest request, byte[] answer, RecordSink sink) throws BadFrameException, IOException {
        try (JsonRecords json = JsonRecords.of(answer)) {
            CompanyFacts.decode(
                    json,
                    company -> company.equals(request.venueSymbol()) ? symbols.getOrDefault(company, company) : "",
                    numbers,
                    sink);
        }
        return false;
    }
}
