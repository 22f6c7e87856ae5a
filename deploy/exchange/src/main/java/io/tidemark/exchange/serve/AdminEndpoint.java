package io.tidemark.exchange.serve;

import static io.tidemark.exchange.serve.SimulatedExchange.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.exchange.emission.EmissionStatus;
import io.tidemark.exchange.fault.FaultPlan;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code GET /admin/status}, {@code POST /admin/fault} (a fault a line, as on the command line) and
 * {@code DELETE /admin/fault}. Never turned away by a fault.
 */
final class AdminEndpoint {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_BODY = 64 << 10;

    private final SimulatedExchange.Description description;
    private final Supplier<EmissionStatus> status;
    private final VenueEndpoint venue;
    private final FaultPlan faults;
    private final Runnable wake;

    AdminEndpoint(
            SimulatedExchange.Description description,
            Supplier<EmissionStatus> status,
            VenueEndpoint venue,
            FaultPlan faults,
            Runnable wake) {
        this.description = description;
        this.status = status;
        this.venue = venue;
        this.faults = faults;
        this.wake = wake;
    }

    /** False if the path is none of these. */
    boolean handle(HttpServerRequest request) {
        HttpMethod method = request.method();
        switch (request.path()) {
            case "/admin/status" -> {
                if (method.equals(HttpMethod.GET)) {
                    answer(request, 200, json());
                } else {
                    answer(request, 405, "{\"error\":\"only GET\"}");
                }
                return true;
            }
            case "/admin/fault" -> {
                if (method.equals(HttpMethod.POST)) {
                    request.body()
                            .onSuccess(body -> add(request, body.toString()))
                            .onFailure(failure -> {});
                } else if (method.equals(HttpMethod.DELETE)) {
                    faults.clear();
                    answer(request, 200, "{}");
                } else {
                    answer(request, 405, "{\"error\":\"only POST and DELETE\"}");
                }
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    private void add(HttpServerRequest request, String body) {
        if (body.length() > LONGEST_BODY) {
            answer(request, 413, "{\"error\":\"too long\"}");
            return;
        }
        List<String> mistakes = new ArrayList<>();
        body.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> {
            try {
                faults.add(line);
            } catch (IllegalArgumentException e) {
                mistakes.add(String.valueOf(e.getMessage()));
            }
        });
        wake.run();
        if (mistakes.isEmpty()) {
            answer(request, 200, "{}");
        } else {
            answer(
                    request,
                    400,
                    JSON.createObjectNode()
                            .put("error", String.join("; ", mistakes))
                            .toString());
        }
    }

    private String json() {
        EmissionStatus now = status.get();
        ObjectNode json = JSON.createObjectNode();
        json.put("venue", description.venue());
        json.put("mode", description.mode());
        json.put("position", now.position());
        json.put("emitted", now.emitted());
        json.put("inserted", now.inserted());
        json.put("withheld", now.withheld());
        json.put("added", now.added());
        json.put("unheard", now.unheard());
        json.put("skipped", now.skipped());
        ObjectNode byStream = json.putObject("by_stream");
        now.byKind().forEach(byStream::put);
        json.put("rest_snapshots_served", venue.restSnapshotsServed());
        json.put("finished", now.finished());
        json.put("seeking", now.seeking());
        json.put("clients", now.clients());
        json.put("base", now.base());
        json.put("time_ns", now.timeNanos());
        description.streams().forEach(json.putArray("streams")::add);
        description.symbols().forEach(json.putArray("symbols")::add);
        json.put("faults_struck", faults.struck());
        json.put("turned_away", faults.gate().turnedAway());
        ArrayNode list = json.putArray("faults");
        for (FaultPlan.Report report : faults.reports()) {
            ObjectNode fault = list.addObject();
            fault.put("fault", report.fault());
            fault.put("kind", report.kind());
            fault.put("frame", report.frame() < 0 ? null : (Long) report.frame());
            fault.put("withheld", report.withheld());
            fault.put("added", report.added());
        }
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers cannot fail to be written", e);
        }
    }
}
