package io.tidemark.edge.venue.binance;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds a symbol by its characters in a buffer, so that no text is made per message. Read-only once built. */
final class SymbolTable {
    private final @Nullable Symbol[] slots;
    private final List<Symbol> all;

    SymbolTable(Collection<Symbol> symbols) {
        all = List.copyOf(symbols);
        slots = new @Nullable Symbol[Integer.highestOneBit(Math.max(4, all.size() * 2)) * 2];
        for (Symbol symbol : all) {
            char[] name = symbol.instrument.venueSymbol().toCharArray();
            int slot = slot(name, 0, name.length);
            while (slots[slot] != null) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = symbol;
        }
    }

    List<Symbol> all() {
        return all;
    }

    @Nullable
    Symbol find(char[] text, int start, int length) {
        int slot = slot(text, start, length);
        for (Symbol at = slots[slot]; at != null; at = slots[slot]) {
            if (matches(at.instrument.venueSymbol(), text, start, length)) {
                return at;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return null;
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
