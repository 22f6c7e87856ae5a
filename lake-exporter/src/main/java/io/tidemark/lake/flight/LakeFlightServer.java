package io.tidemark.lake.flight;

import io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.auth2.CallHeaderAuthenticator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The running endpoint: server, engine, workers and work folder, opened and closed together. */
final class LakeFlightServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LakeFlightServer.class);

    /** Threads that answer calls; they plan and hand over, the workers of {@link QueryPool} do the rest. */
    private static final int CALL_THREADS = 16;

    /** Parameters are all that clients send. */
    private static final int LARGEST_MESSAGE = 4 << 20;

    private static final int CALLS_PER_CONNECTION = 64;
    private static final int LONGEST_IDLE_MINUTES = 60;
    private static final int KEEP_ALIVE_SECONDS = 60;

    private final FlightServer server;
    private final CurrentLake lake;
    private final Deque<AutoCloseable> resources;

    private LakeFlightServer(FlightServer server, CurrentLake lake, Deque<AutoCloseable> resources) {
        this.server = server;
        this.lake = lake;
        this.resources = resources;
    }

    /** Fails with a sentence for the operator when the port is taken or the JVM was started without a flag. */
    static LakeFlightServer start(FlightOptions options, SealedFiles files, MeterRegistry registry, String version)
            throws IOException, SQLException {
        requireOpenBuffers();
        Deque<AutoCloseable> resources = new ArrayDeque<>();
        try {
            WorkFolder work = push(resources, WorkFolder.below(options.workDirectory()));
            BufferAllocator allocator =
                    push(resources, new RootAllocator(options.limits().resultMemory()));
            CurrentLake lake = push(resources, new CurrentLake(files, work.path(), options.limits(), allocator));
            QueryPool queries =
                    push(resources, new QueryPool(lake, allocator, options.limits(), new FlightMetrics(registry)));
            LakeFlightSqlProducer producer = new LakeFlightSqlProducer(
                    lake,
                    queries,
                    new Handles(options.limits().maxHandles(), options.limits().handleTimeout(), System::nanoTime),
                    new CatalogAnswers(allocator),
                    new ServerFacts(version));
            ThreadPoolExecutor calls = calls();
            resources.push(calls::shutdownNow);
            FlightServer server = bind(options, allocator, producer, calls);
            resources.push(() -> {
                server.shutdown();
                queries.close();
                server.awaitTermination(2, TimeUnit.SECONDS);
                server.close();
            });
            LOG.infof(
                    "Flight SQL on %s:%d, generation %d of the lake",
                    options.host(), server.getPort(), lake.generation());
            return new LakeFlightServer(server, lake, resources);
        } catch (IOException | SQLException | RuntimeException e) {
            closeAll(resources);
            throw e;
        }
    }

    int port() {
        return server.getPort();
    }

    long generation() {
        return lake.generation();
    }

    @Nullable
    String problem() {
        return lake.problem();
    }

    @Override
    public void close() {
        closeAll(resources);
    }

    private static FlightServer bind(
            FlightOptions options, BufferAllocator allocator, LakeFlightSqlProducer producer, ThreadPoolExecutor calls)
            throws IOException {
        Location location = options.tls().isPresent()
                ? Location.forGrpcTls(options.host(), options.port())
                : Location.forGrpcInsecure(options.host(), options.port());
        Consumer<NettyServerBuilder> transport =
                builder -> builder.maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                        .maxConnectionIdle(LONGEST_IDLE_MINUTES, TimeUnit.MINUTES)
                        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        FlightServer.Builder builder = FlightServer.builder(allocator, location, producer)
                .executor(calls)
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .transportHint("grpc.builderConsumer", transport)
                .headerAuthenticator(options.credentials()
                        .<CallHeaderAuthenticator>map(
                                known -> new Login(known, options.tokenLifetime(), InstantSource.system()))
                        .orElse(CallHeaderAuthenticator.NO_OP));
        if (options.tls().isPresent()) {
            FlightOptions.TlsFiles tls = options.tls().get();
            try {
                builder.useTls(tls.certificate().toFile(), tls.key().toFile());
            } catch (IOException | RuntimeException e) {
                throw new IOException(
                        "lake.flight.tls: " + tls.certificate() + " and " + tls.key()
                                + " are not a PEM certificate chain and its PKCS#8 key: " + e.getMessage(),
                        e);
            }
        }
        FlightServer server = builder.build();
        try {
            return server.start();
        } catch (IOException e) {
            // The cause would say the same again, with less.
            throw busy(e)
                    ? new IOException("lake.flight.port: " + options.host() + ":" + options.port()
                            + " is in use already or not an address of this machine")
                    : e;
        }
    }

    private static boolean busy(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof BindException || String.valueOf(at.getMessage()).contains("Failed to bind")) {
                return true;
            }
        }
        return false;
    }

    private static ThreadPoolExecutor calls() {
        ThreadPoolExecutor calls = new ThreadPoolExecutor(
                CALL_THREADS, CALL_THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "flight-call");
                    thread.setDaemon(true);
                    return thread;
                });
        calls.allowCoreThreadTimeOut(true);
        return calls;
    }

    private static void requireOpenBuffers() {
        if (!java.nio.Buffer.class.getModule().isOpen("java.nio", BufferAllocator.class.getModule())) {
            throw new IllegalStateException(
                    "Arrow needs the JVM option --add-opens=java.base/java.nio=ALL-UNNAMED;" + " put it before -jar");
        }
    }

    private static <T extends AutoCloseable> T push(Deque<AutoCloseable> resources, T resource) {
        resources.push(resource);
        return resource;
    }

    private static void closeAll(Deque<AutoCloseable> resources) {
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warnf("a part of the Flight SQL endpoint was not closed cleanly: %s", e.getMessage());
            }
        }
    }
}
