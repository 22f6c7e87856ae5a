package io.tidemark.edge.feed;

import io.tidemark.edge.feed.VenueLink.RestFailure;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * GETs of a venue's REST interface, bounded in time and size. Used on the feed's thread, which also gets the
 * answers; each call is answered exactly once.
 */
final class RestCalls {
    private final Vertx vertx;
    private final HttpClient client;
    private final String address;
    private final Duration limit;
    private final int maxBody;

    RestCalls(Vertx vertx, String address, Duration limit, int maxBody) {
        this.vertx = vertx;
        this.address = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        this.limit = limit;
        this.maxBody = maxBody;
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(limit.toMillis()))
                .setDecompressionSupported(true)
                .setKeepAliveTimeout(20)
                .setMaxPoolSize(2)
                .setMaxWaitQueueSize(64));
    }

    void get(String pathAndQuery, Consumer<byte[]> answered, Consumer<RestFailure> failed) {
        Call call = new Call(answered, failed);
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(address + pathAndQuery)
                .putHeader("Accept", "application/json")
                .putHeader("Accept-Encoding", "gzip");
        call.timer = vertx.setTimer(limit.toMillis(), id -> call.fail(0, Duration.ZERO, "no answer within " + limit));
        try {
            client.request(options).onComplete(result -> {
                if (result.failed()) {
                    call.fail(0, Duration.ZERO, FeedSupervisor.describe(result.cause()));
                } else {
                    call.send(result.result());
                }
            });
        } catch (IllegalStateException e) {
            // The client is closed: the edge stops.
            call.fail(0, Duration.ZERO, FeedSupervisor.describe(e));
        }
    }

    private final class Call {
        private final Consumer<byte[]> answered;
        private final Consumer<RestFailure> failed;
        private final Buffer body = Buffer.buffer();
        private long timer;
        private boolean over;

        private Call(Consumer<byte[]> answered, Consumer<RestFailure> failed) {
            this.answered = answered;
            this.failed = failed;
        }

        private void send(HttpClientRequest request) {
            if (over) {
                request.reset();
                return;
            }
            request.exceptionHandler(failure -> fail(0, Duration.ZERO, FeedSupervisor.describe(failure)));
            request.send().onComplete(result -> {
                if (result.failed()) {
                    fail(0, Duration.ZERO, FeedSupervisor.describe(result.cause()));
                } else {
                    read(request, result.result());
                }
            });
        }

        private void read(HttpClientRequest request, HttpClientResponse response) {
            response.exceptionHandler(failure -> fail(0, Duration.ZERO, FeedSupervisor.describe(failure)));
            response.handler(part -> {
                if (over) {
                    request.reset();
                } else if (part.length() > maxBody - body.length()) {
                    fail(0, Duration.ZERO, "an answer of more than " + maxBody + " bytes");
                    request.reset();
                } else {
                    body.appendBuffer(part);
                }
            });
            response.endHandler(none -> {
                int status = response.statusCode();
                if (status != 200) {
                    fail(
                            status,
                            RetryAfter.of(status, response.headers()),
                            "HTTP " + status + " " + body.getString(0, Math.min(200, body.length())));
                } else if (end()) {
                    answered.accept(body.getBytes());
                }
            });
        }

        private boolean end() {
            if (over) {
                return false;
            }
            over = true;
            vertx.cancelTimer(timer);
            return true;
        }

        private void fail(int status, Duration retryAfter, String message) {
            if (end()) {
                failed.accept(new RestFailure(status, retryAfter.isZero() ? null : retryAfter, message));
            }
        }
    }
}
