package io.tidemark.local.stack;

import io.tidemark.local.port.Ports;
import io.tidemark.local.supervise.StackFailure;
import java.util.HashSet;
import java.util.Set;

/** The ports of one stack, all on 127.0.0.1. */
public record StackPorts(
        int exchange, int edge, int store, int lake, int flight, int sync, int broker, int controller, int database) {
    private static final int COUNT = 9;
    private static final int HIGHEST = 65_535;

    /** Nine free ports. */
    public static StackPorts free() {
        Set<Integer> taken = new HashSet<>();
        int[] ports = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            int port = Ports.free();
            while (!taken.add(port)) {
                port = Ports.free();
            }
            ports[i] = port;
        }
        return of(ports);
    }

    /**
     * The nine ports from {@code base} on, in the order of this record.
     *
     * @throws StackFailure naming the first that is in use
     */
    public static StackPorts from(int base) {
        if (base < 1 || base + COUNT - 1 > HIGHEST) {
            throw new StackFailure("--port-base must be between 1 and " + (HIGHEST - COUNT + 1) + ", not " + base);
        }
        String[] names = {
            "the exchange",
            "the edge",
            "the store-writer",
            "the lake-exporter",
            "Flight SQL",
            "the sync-agent",
            "the broker",
            "the broker's controller",
            "the database"
        };
        int[] ports = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            ports[i] = base + i;
            if (!Ports.isFree(ports[i])) {
                throw new StackFailure("port " + ports[i] + " (for " + names[i] + ") is already in use on 127.0.0.1");
            }
        }
        return of(ports);
    }

    private static StackPorts of(int[] p) {
        return new StackPorts(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8]);
    }
}
