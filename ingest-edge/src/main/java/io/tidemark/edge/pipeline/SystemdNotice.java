package io.tidemark.edge.pipeline;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd that the service is ready, alive and stopping, when it was started by a unit with {@code Type=notify}.
 *
 * <p>Java has no Unix datagram sockets, so each message is a {@code systemd-notify} process (see docs/decisions). The
 * watchdog is fed by a thread of its own, and only while {@code alive} says so: a service that hangs is started again.
 */
final class SystemdNotice implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SystemdNotice.class);
    private static final long LIMIT_SECONDS = 10;

    private final Map<String, String> environment;
    private final BooleanSupplier alive;
    private final long watchdogNanos;
    private volatile boolean closing;
    private volatile boolean complained;
    private @Nullable Thread feeder;

    SystemdNotice(Map<String, String> environment, BooleanSupplier alive) {
        this.environment = environment;
        this.alive = alive;
        this.watchdogNanos = watchdog(environment);
    }

    private boolean isWanted() {
        return !environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty();
    }

    /** Zero when there is none, or it is another process's. */
    private static long watchdog(Map<String, String> environment) {
        try {
            String pid = environment.getOrDefault("WATCHDOG_PID", "");
            if (!pid.isEmpty() && Long.parseLong(pid) != ProcessHandle.current().pid()) {
                return 0;
            }
            return TimeUnit.MICROSECONDS.toNanos(Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0")));
        } catch (NumberFormatException e) {
            LOG.warnf("WATCHDOG_USEC or WATCHDOG_PID is no number, the watchdog is not fed");
            return 0;
        }
    }

    /** The service does its work from now on. */
    void ready(String status) {
        if (!isWanted()) {
            return;
        }
        send("READY=1", "STATUS=" + status);
        if (watchdogNanos > 0) {
            Thread thread = new Thread(this::feed, "watchdog");
            thread.setDaemon(true);
            feeder = thread;
            thread.start();
        }
    }

    private void feed() {
        while (!closing) {
            if (alive.getAsBoolean()) {
                send("WATCHDOG=1");
            } else {
                LOG.error("The service is not alive, the watchdog is not fed");
            }
            LockSupport.parkNanos(this, watchdogNanos / 3);
        }
    }

    /** An orderly stop has begun; the watchdog is fed until {@link #close}, since it may take minutes. */
    void stopping() {
        if (isWanted()) {
            send("STOPPING=1");
        }
    }

    private void send(String... lines) {
        List<String> command = new java.util.ArrayList<>(List.of("systemd-notify"));
        command.addAll(List.of(lines));
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.to(new File("/dev/null")));
            builder.environment().put("NOTIFY_SOCKET", environment.getOrDefault("NOTIFY_SOCKET", ""));
            Process process = builder.start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                complain("it did not end within " + LIMIT_SECONDS + " s");
            } else if (process.exitValue() != 0) {
                complain("it ended with " + process.exitValue());
            } else {
                complained = false;
            }
        } catch (IOException e) {
            complain(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void complain(String what) {
        if (!complained) {
            complained = true;
            LOG.warnf("systemd could not be told by systemd-notify: %s", what);
        }
    }

    @Override
    public void close() {
        closing = true;
        if (feeder != null) {
            LockSupport.unpark(feeder);
        }
    }
}
