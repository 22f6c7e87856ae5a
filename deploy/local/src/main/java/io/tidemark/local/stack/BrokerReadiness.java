package io.tidemark.local.stack;

import io.tidemark.local.port.Ports;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** Whether a broker takes part in its cluster: it listens first, and is let in a moment later. */
final class BrokerReadiness {
    private BrokerReadiness() {}

    static boolean answers(String bootstrapServers) {
        int port = Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1));
        if (!Ports.answers(port)) {
            return false;
        }
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers, "request.timeout.ms", 2000, "default.api.timeout.ms", 3000);
        try (Admin admin = Admin.create(settings)) {
            return !admin.describeCluster().nodes().get(4, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
