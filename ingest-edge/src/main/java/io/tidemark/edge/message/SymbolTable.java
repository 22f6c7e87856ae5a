package io.tidemark.edge.message;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds what belongs to a symbol by the symbol's characters in a buffer, so that no text is made per message.
 * Read-only once built.
 */
public final class SymbolTable<S> {
    private final @Nullable String[] names;
    private final @Nullable S[] slots;
    private final List<S> all;

    /** {@code name}: the venue's own spelling. */
    @SuppressWarnings("unchecked")
    public SymbolTable(Collection<S> symbols, Function<S, String> name) {
        all = List.copyOf(symbols);
        int size = Integer.highestOneBit(Math.max(4, all.size() * 2)) * 2;
        names = new @Nullable String[size];
        slots = (@Nullable S[]) new @Nullable Object[size];
        for (S symbol : all) {
            String text = name.apply(symbol);
            int slot = slot(text.toCharArray(), 0, text.length());
            while (slots[slot] != null) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = symbol;
            names[slot] = text;
        }
    }

    public List<S> all() {
        return all;
    }

    /** Null where there is none of that name. */
    public @Nullable S find(char[] text, int start, int length) {
        int slot = slot(text, start, length);
        for (String at = names[slot]; at != null; at = names[slot]) {
            if (matches(at, text, start, length)) {
                return slots[slot];
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return null;
    }

    public @Nullable S find(String text) {
        return find(text.toCharArray(), 0, text.length());
    }

    private int slot(char[] text, int start, int length) {
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + text[start + i];
        }
        return (hash ^ (hash >>> 15)) & (slots.length - 1);
    }

    private static boolean matches(String name, char[] text, int start, int length) {
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name.charAt(i) != text[start + i]) {
                return false;
            }
        }
        return true;
    }
}
