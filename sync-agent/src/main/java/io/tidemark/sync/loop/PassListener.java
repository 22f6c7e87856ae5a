package io.tidemark.sync.loop;

import io.tidemark.sync.scan.SourceFile;
import io.tidemark.sync.transfer.Transfer;
import io.tidemark.sync.verify.Findings;

/** Hears of each file as a pass comes to it; called by several threads. */
public interface PassListener {
    /** A dry run would bring this file. */
    default void wouldBring(SourceFile file) {}

    default void done(SourceFile file, Transfer.Outcome outcome) {}

    default void failed(Findings.Finding finding) {}
}
