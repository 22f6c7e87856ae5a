package io.tidemark.store.consume;

import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.sink.FactFamily;
import java.util.ArrayList;
import java.util.List;

/** The families beside the bars. */
record FactFamilies(List<FactFamily<?>> families) {
    /** What the writer reads: the bars first, then these. */
    List<Topics> topics() {
        List<Topics> topics = new ArrayList<>(List.of(Topics.BARS));
        families.forEach(family -> topics.add(family.topic()));
        return topics;
    }

    List<String> tables() {
        List<String> tables = new ArrayList<>();
        families.forEach(family -> tables.add(family.table()));
        return tables;
    }
}
