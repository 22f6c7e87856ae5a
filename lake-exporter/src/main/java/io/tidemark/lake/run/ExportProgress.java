package io.tidemark.lake.run;

/** Is told how far an export is, from several threads. */
public interface ExportProgress {
    /** Tells nobody. */
    ExportProgress SILENT = new ExportProgress() {
        @Override
        public void begin(String step, long total) {}

        @Override
        public void advance(long units) {}
    };

    /** A step of so many units begins. */
    void begin(String step, long total);

    /** So many units more are done. */
    void advance(long units);
}
