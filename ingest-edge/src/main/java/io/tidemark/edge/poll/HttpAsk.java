package io.tidemark.edge.poll;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * GETs, bounded in time and size, of one polled source. Each is answered exactly once, as an {@link Answer}, whatever
 * the server does.
 */
final class HttpAsk {
    private static final Duration LONGEST_REST = Duration.ofDays(3);
    private static final Duration SLOW_DOWN = Duration.ofSeconds(30);
    private static final Duration BANNED = Duration.ofMinutes(2);
    private static final int TOLD_OF_BODY = 200;

    private final HttpClient client;
    private final String userAgent;
    private final Duration limit;
    private final int maxBody;
    private final InstantSource clock;
    private volatile boolean cancelled;
    private volatile @Nullable CompletableFuture<?> running;

    HttpAsk(HttpClient client, String userAgent, Duration limit, int maxBody, InstantSource clock) {
        this.client = client;
        this.userAgent = userAgent;
        this.limit = limit;
        this.maxBody = maxBody;
        this.clock = clock;
    }

    /** The client that all sources of an edge may share: it keeps no state of theirs. */
    static HttpClient client(Duration connectTimeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(connectTimeout)
                .build();
    }

    Answer get(PollRequest request, PollMemory.Conditions known) throws InterruptedException {
        HttpRequest.Builder asked = HttpRequest.newBuilder(request.uri())
                .timeout(limit)
                .header("Accept-Encoding", "gzip")
                .header("User-Agent", userAgent)
                .GET();
        if (request.conditional() && !known.etag().isEmpty()) {
            asked.header("If-None-Match", known.etag());
        }
        if (request.conditional() && !known.lastModified().isEmpty()) {
            asked.header("If-Modified-Since", known.lastModified());
        }
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(asked.build(), head -> new BoundedBody(maxBody));
        running = answer;
        if (cancelled) {
            answer.cancel(true);
        }
        try {
            // The request's own limit ends with the head; a body that stands still must not hold the source.
            return read(answer.get(limit.toMillis() * 2, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return failed("no whole answer within " + limit.multipliedBy(2));
        } catch (CancellationException e) {
            return failed("given up, since the edge stops");
        } catch (ExecutionException e) {
            return failed(describe(e.getCause() == null ? e : e.getCause()));
        } finally {
            answer.cancel(true);
        }
    }

    /** Ends the request under way and each one to come. Safe for all threads. */
    void cancel() {
        cancelled = true;
        CompletableFuture<?> answer = running;
        if (answer != null) {
            answer.cancel(true);
        }
    }

    private static String describe(Throwable cause) {
        Throwable at = cause;
        for (int depth = 0; depth < 8 && at.getMessage() == null && at.getCause() != null; depth++) {
            at = at.getCause();
        }
        String name = at.getClass().getSimpleName();
        return at.getMessage() == null ? name : name + ": " + at.getMessage();
    }

    private static Answer failed(String problem) {
        return new Answer(0, new byte[0], "", "", Duration.ZERO, problem);
    }

    private Answer read(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        HttpHeaders headers = response.headers();
        byte[] body = response.body();
        String problem = "";
        try {
            if (headers.firstValue("Content-Encoding").orElse("").equalsIgnoreCase("gzip")) {
                body = unpacked(body);
            }
        } catch (IOException e) {
            problem = e.getMessage() == null ? "the answer does not unpack" : e.getMessage();
        }
        if (status != Answer.OK && status != Answer.NOT_MODIFIED) {
            String told = new String(body, 0, Math.min(TOLD_OF_BODY, body.length), StandardCharsets.UTF_8);
            problem = ("HTTP " + status + " " + told.replaceAll("\\s+", " ")).strip();
        }
        return new Answer(
                status,
                body,
                headers.firstValue("ETag").orElse(""),
                headers.firstValue("Last-Modified").orElse(""),
                rest(status, headers.firstValue("Retry-After").orElse("")),
                problem);
    }

    private byte[] unpacked(byte[] packed) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(packed.length * 4);
        byte[] buffer = new byte[16 << 10];
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (n > maxBody - out.size()) {
                    throw tooLarge(maxBody);
                }
                out.write(buffer, 0, n);
            }
        }
        return out.toByteArray();
    }

    private static IOException tooLarge(int most) {
        return new IOException("an answer of more than " + most + " bytes (max-answer-size)");
    }

    /** Seconds or a date; without either, what such a status is known to mean. */
    private Duration rest(int status, String retryAfter) {
        if (status == Answer.OK || status == Answer.NOT_MODIFIED) {
            return Duration.ZERO;
        }
        Duration asked = Duration.ZERO;
        if (!retryAfter.isEmpty()
                && retryAfter.length() <= 9
                && retryAfter.chars().allMatch(c -> c >= '0' && c <= '9')) {
            asked = Duration.ofSeconds(Long.parseLong(retryAfter));
        } else if (!retryAfter.isEmpty()) {
            try {
                asked = Duration.between(
                        clock.instant(),
                        ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant());
            } catch (DateTimeException e) {
                asked = Duration.ZERO;
            }
        }
        if (asked.isZero() || asked.isNegative()) {
            return switch (status) {
                case 429 -> SLOW_DOWN;
                case 418 -> BANNED;
                default -> Duration.ZERO;
            };
        }
        return asked.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : asked;
    }

    /** Gives the request up as soon as more comes than is allowed. */
    private static final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int most;
        private Flow.@Nullable Subscription subscription;

        private BoundedBody(int most) {
            this.most = most;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            begun.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> parts) {
            for (ByteBuffer part : parts) {
                if (whole.isDone()) {
                    return;
                }
                int length = part.remaining();
                if (length > most - bytes.size()) {
                    whole.completeExceptionally(tooLarge(most));
                    if (subscription != null) {
                        subscription.cancel();
                    }
                    return;
                }
                byte[] copy = new byte[length];
                part.get(copy);
                bytes.write(copy, 0, length);
            }
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            whole.complete(bytes.toByteArray());
        }
    }
}
