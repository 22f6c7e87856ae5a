package io.tidemark.edge.segment;

import java.io.IOException;

/** The records are further out of order than the window reaches: they have to be sorted outside of memory. */
final class DisorderException extends IOException {
    private static final long serialVersionUID = 1;
}
