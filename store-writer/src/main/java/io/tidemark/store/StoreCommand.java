package io.tidemark.store;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.tidemark.contracts.failure.StartFailure;
import io.tidemark.store.admin.BackFillCommand;
import io.tidemark.store.admin.DeadLettersCommand;
import io.tidemark.store.admin.ModeCommand;
import io.tidemark.store.admin.ParityCommand;
import io.tidemark.store.admin.RepairCommand;
import io.tidemark.store.consume.VerifyDualSinkCommand;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program: {@code serve} without arguments; the other commands need no Quarkus. */
@QuarkusMain
@Command(
        name = "store-writer",
        description = "Writes what the edges send through Kafka into PostgreSQL, exactly.",
        mixinStandardHelpOptions = true,
        version = "store-writer 0.1.0",
        subcommands = {
            StoreCommand.Serve.class,
            StoreCommand.Status.class,
            ModeCommand.class,
            ParityCommand.class,
            RepairCommand.class,
            BackFillCommand.class,
            DeadLettersCommand.class,
            VerifyDualSinkCommand.class
        })
public final class StoreCommand implements Callable<Integer> {
    public static void main(String... args) {
        int code = new CommandLine(new StoreCommand()).execute(args);
        System.exit(code);
    }

    @Override
    public Integer call() {
        return new Serve().call();
    }

    /** Runs until it is told to stop. */
    @Command(
            name = "serve",
            description = "Runs the service until SIGTERM or SIGINT (the default).",
            mixinStandardHelpOptions = true)
    static final class Serve implements Callable<Integer> {
        @Override
        public Integer call() {
            AtomicInteger exit = new AtomicInteger();
            Quarkus.run(null, (code, failure) -> {
                exit.set(code);
                if (failure != null) {
                    exit.set(StartMessage.print(failure));
                }
            });
            return exit.get();
        }
    }

    /** Asks a running writer. */
    @Command(
            name = "status",
            description = "Prints the status of a running store-writer as JSON.",
            mixinStandardHelpOptions = true)
    static final class Status implements Callable<Integer> {
        private static final Duration LIMIT = Duration.ofSeconds(20);
        private static final int OK = 200;

        @Option(names = "--url", description = "Where it listens (default: ${DEFAULT-VALUE}).")
        private String url = "http://127.0.0.1:8082";

        @Override
        public Integer call() {
            try {
                HttpRequest request = HttpRequest.newBuilder(URI.create(url).resolve("/status"))
                        .timeout(LIMIT)
                        .build();
                HttpResponse<String> answer = HttpClient.newBuilder()
                        .connectTimeout(LIMIT)
                        .build()
                        .send(request, HttpResponse.BodyHandlers.ofString());
                System.out.println(answer.body());
                return answer.statusCode() == OK ? 0 : 1;
            } catch (IOException | IllegalArgumentException e) {
                System.err.println("store-writer: no answer from " + url + ": " + StartFailure.explain(e));
                return 1;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 1;
            }
        }
    }
}
