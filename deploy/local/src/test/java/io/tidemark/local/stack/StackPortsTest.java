package io.tidemark.local.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidemark.local.port.Ports;
import io.tidemark.local.supervise.StackFailure;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class StackPortsTest {
    @Test
    void aBusyPortIsNamedWithWhatItIsFor() throws Exception {
        int base = Ports.free();
        try (ServerSocket busy = new ServerSocket(base, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            StackFailure failure = assertThrows(StackFailure.class, () -> StackPorts.from(busy.getLocalPort()));
            assertEquals("port " + base + " (for the exchange) is already in use on 127.0.0.1", failure.getMessage());
        }
    }

    @Test
    void aBaseOutsideTheRangeIsRefused() {
        assertThrows(StackFailure.class, () -> StackPorts.from(65_530));
        assertThrows(StackFailure.class, () -> StackPorts.from(0));
    }
}
