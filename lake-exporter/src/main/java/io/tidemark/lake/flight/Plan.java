package io.tidemark.lake.flight;

import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A checked statement and what it will answer.
 *
 * @param text what the engine is given: the client's own text, except where columns had to be cast
 * @param reaches what it can want of each view at most
 * @param schema the result, as it is announced to the client
 * @param parameters one field for each parameter, in their order
 */
record Plan(String text, Map<String, Reach> reaches, Schema schema, Schema parameters) {}
