package io.tidemark.local.launch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tidemark.local.broker.TopicList;
import io.tidemark.local.supervise.StackFailure;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./tidemark topics}. */
@Command(name = "topics", description = "Creates the topics that are missing on a broker and lists all of Tidemark's.")
final class TopicsCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    private boolean help;

    @Option(names = "--bootstrap", required = true, paramLabel = "HOST:PORT", description = "the broker")
    private String bootstrap = "";

    @Option(names = "--json", description = "print a JSON array")
    private boolean json;

    @Override
    public Integer call() {
        List<TopicList.Topic> topics;
        try {
            topics = TopicList.createMissing(bootstrap);
        } catch (IllegalStateException e) {
            throw new StackFailure(String.valueOf(e.getMessage()), e);
        }
        if (json) {
            ArrayNode array = new ObjectMapper().createArrayNode();
            topics.forEach(topic -> array.addObject()
                    .put("topic", topic.name())
                    .put("partitions", topic.partitions())
                    .put("compacted", topic.compacted())
                    .put("created", topic.created()));
            try {
                System.out.println(new ObjectMapper().writeValueAsString(array));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        } else {
            topics.forEach(topic -> System.out.println(String.format(
                    Locale.ROOT,
                    "%-28s %2d partition%s%s%s",
                    topic.name(),
                    topic.partitions(),
                    topic.partitions() == 1 ? " " : "s",
                    topic.compacted() ? ", compacted" : "",
                    topic.created() ? ", created" : "")));
        }
        return 0;
    }
}
