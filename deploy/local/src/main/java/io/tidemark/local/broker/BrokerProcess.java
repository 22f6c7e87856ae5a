package io.tidemark.local.broker;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * The broker as a process of its own: {@code java -cp ... BrokerProcess DIR PORT CONTROLLER_PORT}.
 *
 * <p>Runs until SIGTERM or SIGINT, then stops in order. Everything it has to say goes to stderr.
 */
public final class BrokerProcess {
    private BrokerProcess() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length != 3) {
            System.err.println("usage: BrokerProcess DIR PORT CONTROLLER_PORT");
            System.exit(2);
        }
        EmbeddedBroker broker =
                EmbeddedBroker.start(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-stop"));
        System.err.println("broker listens on " + broker.bootstrapServers());
        new CountDownLatch(1).await();
    }

    /** The command line that runs it with this JVM's Java and class path. */
    public static List<String> command(String classPath, Path dir, int port, int controllerPort) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS",
                "-cp",
                absolute(classPath),
                BrokerProcess.class.getName(),
                dir.toString(),
                Integer.toString(port),
                Integer.toString(controllerPort));
    }

    /** The process runs in another folder than the one that its class path may be relative to. */
    private static String absolute(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
