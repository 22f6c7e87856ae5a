package io.tidemark.edge.pipeline;

/** How an orderly stop went; the framework reports only the signal that caused it. */
public final class ExitCode {
    private static volatile int code;

    private ExitCode() {}

    static void set(int newCode) {
        code = newCode;
    }

    public static int get() {
        return code;
    }
}
