package io.tidemark.sync.verify;

import io.tidemark.contracts.failure.FailureKind;
import io.tidemark.contracts.segment.Receipt;
import io.tidemark.sync.target.StoppedException;
import io.tidemark.sync.target.SyncFailure;
import io.tidemark.sync.target.Target;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** Reads everything again that the target has a receipt for. Changes nothing. */
public final class TargetCheck {
    private final Target target;
    private final BooleanSupplier stopped;
    private final Findings findings = new Findings();
    private long files;
    private long bytes;
    private long withoutReceipt;

    public TargetCheck(Target target, BooleanSupplier stopped) {
        this.target = target;
        this.stopped = stopped;
    }

    /**
     * What a check found.
     *
     * @param files whose content has the hash of their receipt
     * @param withoutReceipt files that no receipt speaks of: not proven, and not wrong
     */
    public record Result(long files, long bytes, long withoutReceipt, long wrong, List<Findings.Finding> first) {
        public boolean ok() {
            return wrong == 0;
        }

        public Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("files", files);
            map.put("bytes", bytes);
            map.put("without_receipt", withoutReceipt);
            map.put("wrong", wrong);
            map.put("failed", first.stream().map(Findings.Finding::toMap).toList());
            map.put("ok", ok());
            return map;
        }
    }

    /** Tells of each file as it is read. */
    public interface Progress {
        void read(String path, long files, long bytes);
    }

    /** Throws {@link SyncFailure} when the target cannot be listed. Used once. */
    public Result run(Progress progress) throws IOException {
        target.eachReceipt(path -> {
            StoppedException.throwIf(stopped);
            try {
                bytes += check(path);
                files++;
                progress.read(path, files, bytes);
            } catch (SyncFailure e) {
                findings.add(path, e);
            }
        });
        target.eachFile(path -> {
            StoppedException.throwIf(stopped);
            if (target.receipt(path) == null) {
                withoutReceipt++;
            }
        });
        return new Result(files, bytes, withoutReceipt, findings.count(), findings.first());
    }

    private long check(String path) throws IOException {
        byte[] found = target.receipt(path);
        Receipt receipt;
        try {
            receipt = Receipt.parse(found == null ? new byte[0] : found);
        } catch (IllegalArgumentException e) {
            throw wrong(path, "its receipt is damaged: " + e.getMessage());
        }
        if (!receipt.path().equals(path)) {
            throw wrong(path, "its receipt is that of " + receipt.path());
        }
        OptionalLong size = target.size(path);
        if (size.isEmpty()) {
            throw wrong(path, "it is missing, and has a receipt");
        }
        if (size.getAsLong() != receipt.bytes()) {
            throw wrong(path, "it has " + size.getAsLong() + " bytes, its receipt says " + receipt.bytes());
        }
        String there = target.sha256(path, stopped);
        if (!there.equals(receipt.sha256())) {
            throw wrong(path, "it has the hash " + there + ", its receipt says " + receipt.sha256());
        }
        return receipt.bytes();
    }

    private SyncFailure wrong(String path, String what) {
        return new SyncFailure(FailureKind.INVALID, target.name() + " " + path + ": " + what);
    }
}
