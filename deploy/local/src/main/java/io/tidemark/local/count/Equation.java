package io.tidemark.local.count;

/** Two numbers that were counted apart and have to be equal. */
public record Equation(String name, long left, long right) {
    public boolean ok() {
        return left == right;
    }
}
