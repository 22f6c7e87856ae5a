package io.tidemark.local.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** A launcher with broker and database only, as a process that tests can interrupt and kill. */
final class CarriersMain {
    private CarriersMain() {}

    public static void main(String[] args) throws Exception {
        LocalStack stack = stack(Path.of(args[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
        stack.start();
        System.out.println("started");
        new CountDownLatch(1).await();
    }

    static LocalStack stack(Path run) {
        StackPlan plan =
                new StackPlan(run, Set.of(), StackPorts.free(), "edge", "default", List.of(), Map.of(), Map.of());
        Installation nothing = new Installation(run, Path.of("java"), 17);
        return LocalStack.prepare(plan, nothing, new StackListener() {
            @Override
            public void ready(String name, Duration after) {}

            @Override
            public void restarting(String name, int exitCode) {}

            @Override
            public void stopping(String name) {}
        });
    }
}
