package io.tidemark.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the edge says about itself, over HTTP while it runs and in {@code status.json} after a clean stop. */
record EdgeStatus(JsonNode json) {

    /** WebSocket frames of all feeds, over all incarnations. */
    long frames() {
        long sum = 0;
        for (JsonNode feed : json.path("feeds")) {
            sum += feed.path("frames").asLong();
        }
        return sum;
    }

    /** An edge that was started without its feeds does not name them. */
    boolean namesFeeds() {
        return !json.path("feeds").isEmpty();
    }

    boolean allFeeds(String state) {
        for (JsonNode feed : json.path("feeds")) {
            if (!feed.path("state").asText().equals(state)) {
                return false;
            }
        }
        return !json.path("feeds").isEmpty();
    }

    String feedStates() {
        StringBuilder states = new StringBuilder();
        json.path("feeds").properties().forEach(feed -> {
            states.append(states.isEmpty() ? "" : ", ")
                    .append(feed.getKey())
                    .append(' ')
                    .append(feed.getValue().path("state").asText("?"));
            String error = feed.getValue().path("last-error").asText("");
            if (!error.isEmpty()) {
                states.append(" (").append(error).append(')');
            }
        });
        return states.toString();
    }

    long pending() {
        return json.path("forward").path("pending").asLong(-1);
    }

    long acknowledged() {
        return json.path("forward").path("acknowledged").asLong();
    }

    long quarantined() {
        return json.path("quarantined").asLong();
    }

    /** Events logged of all channels but frames. */
    long loggedEvents() {
        long sum = 0;
        for (var entry : logged().entrySet()) {
            sum += entry.getKey().equals("frames") ? 0 : entry.getValue();
        }
        return sum;
    }

    SortedMap<String, Long> decoded() {
        return perChannel("decoded");
    }

    SortedMap<String, Long> logged() {
        return perChannel("logged");
    }

    private SortedMap<String, Long> perChannel(String field) {
        SortedMap<String, Long> result = new TreeMap<>();
        json.path("channels")
                .properties()
                .forEach(channel -> result.put(
                        channel.getKey(), channel.getValue().path(field).asLong()));
        return result;
    }
}
