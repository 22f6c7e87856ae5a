package io.tidemark.store.sink;

/** The order of texts by their UTF-8 bytes, as the database's collation "C" has it, without making the bytes. */
final class ByteOrder {
    private ByteOrder() {}

    @SuppressWarnings("ReferenceEquality")
    static int compare(String left, String right) {
        // Names come from a TextCache, so that equal ones are mostly the same object.
        if (left == right) {
            return 0;
        }
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                // Surrogates stand for what lies above every other character.
                boolean highA = Character.isSurrogate(a);
                boolean highB = Character.isSurrogate(b);
                return highA == highB ? Character.compare(a, b) : highA ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
