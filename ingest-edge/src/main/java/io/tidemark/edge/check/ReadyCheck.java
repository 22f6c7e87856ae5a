package io.tidemark.edge.check;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.segment.HourManifest;
import io.tidemark.contracts.segment.Receipt;
import io.tidemark.contracts.segment.SegmentPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads every segment, manifest and receipt below {@code raw/ready}. */
final class ReadyCheck {
    private final FolderState state;
    private final Path ready;

    ReadyCheck(FolderState state) {
        this.state = state;
        this.ready = state.dataDir.resolve("raw").resolve("ready");
    }

    /** Before the logs are read: what they made is then known. */
    void listings() throws IOException {
        for (Path file : files(ready.resolve(SegmentPath.MANIFESTS))) {
            String relative = relative(file);
            try {
                HourManifest manifest = HourManifest.parse(Files.readAllBytes(file));
                if (!manifest.path().equals(relative)) {
                    state.fault(file, "", "it is the manifest " + manifest.path());
                } else {
                    state.listings.add(new FolderState.Listing(file, "", manifest));
                }
            } catch (NoSuchFileException e) {
                gone(file);
            } catch (IllegalArgumentException e) {
                state.fault(file, "", "no manifest: " + e.getMessage());
            }
        }
        for (Path file : files(ready.resolve(SegmentPath.RECEIPTS))) {
            try {
                Receipt receipt = Receipt.parse(Files.readAllBytes(file));
                if (SegmentPath.receipt(receipt.path()).equals(relative(file))) {
                    state.receipts.add(receipt.path());
                } else {
                    state.fault(file, "", "it is the receipt of " + receipt.path());
                }
            } catch (NoSuchFileException e) {
                gone(file);
            } catch (IllegalArgumentException e) {
                state.fault(file, "", "no receipt: " + e.getMessage());
            }
        }
    }

    void segments() throws IOException {
        for (Path file : files(ready)) {
            String relative = relative(file);
            if (relative.startsWith(SegmentPath.MANIFESTS + "/") || relative.startsWith(SegmentPath.RECEIPTS + "/")) {
                continue;
            }
            try {
                read(file, SegmentPath.parse(relative));
            } catch (NoSuchFileException e) {
                gone(file);
            } catch (IllegalArgumentException e) {
                state.fault(file, "", "does not belong here");
            } catch (IOException e) {
                state.fault(file, "", shortened(file, e));
            }
        }
    }

    private static String shortened(Path file, IOException e) {
        String text = String.valueOf(e.getMessage());
        String prefix = file + ": ";
        String rest = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
        // What follows names objects of Parquet's, differently each time.
        int objects = rest.indexOf(" Struct: ");
        return objects < 0 ? rest : rest.substring(0, objects);
    }

    private void gone(Path file) {
        if (!state.live) {
            state.fault(file, "", "vanished while the folder was read");
        }
    }

    private void read(Path file, SegmentPath path) throws IOException {
        String sha256 = Sha256.of(file);
        long rows = 0;
        long repeats = 0;
        long minEvent = Long.MAX_VALUE;
        long maxEvent = Long.MIN_VALUE;
        long minReceive = Long.MAX_VALUE;
        long maxReceive = Long.MIN_VALUE;
        String rowHash;
        try (EventFileReader reader = EventFileReader.open(file)) {
            Envelope before = null;
            for (Envelope event = reader.next(); event != null; event = reader.next()) {
                if (!event.getSource().equals(path.source())
                        || !event.getChannel().equals(path.channel())
                        || !event.getSymbol().equals(path.symbol())
                        || !event.getConnector().equals(path.connector().label())) {
                    state.fault(file, "row " + rows, "an event of " + StreamName.of(event));
                    return;
                }
                long time = Events.eventTime(event);
                if (before != null && Events.eventTime(before) > time) {
                    state.fault(file, "row " + rows, "earlier than the row before it");
                }
                boolean fresh = state.inSegments
                        .computeIfAbsent(StreamName.of(event), key -> new Sequences())
                        .add(event.getSequence());
                if (!fresh && repeats++ == 0) {
                    state.fault(
                            file,
                            "row " + rows,
                            "sequence " + event.getSequence() + " of " + StreamName.of(event)
                                    + " stands in the segments twice");
                }
                minEvent = Math.min(minEvent, time);
                maxEvent = Math.max(maxEvent, time);
                minReceive = Math.min(minReceive, event.getReceiveTime());
                maxReceive = Math.max(maxReceive, event.getReceiveTime());
                before = event;
                rows++;
            }
            rowHash = reader.rowHash();
        }
        state.rows += rows;
        if (rows == 0) {
            state.fault(file, "", "it has no rows");
            return;
        }
        String relative = path.relative();
        state.segments.put(
                relative,
                new HourManifest.SegmentFile(
                        relative, sha256, Files.size(file), rows, rowHash, minEvent, maxEvent, minReceive, maxReceive));
    }

    private String relative(Path file) {
        return ready.relativize(file).toString().replace('\\', '/');
    }

    /** Without those that are being written. */
    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
