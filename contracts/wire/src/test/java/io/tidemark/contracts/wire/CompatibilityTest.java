package io.tidemark.contracts.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.RateSignal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A change that would break readers of yesterday's messages fails here.
 *
 * <p>The baseline lists every field and enum value that was ever released. A field may be added; what is in
 * the baseline must stay, with its number, type and cardinality. After adding one, add its line.
 */
class CompatibilityTest {
    private static TreeSet<String> described() {
        TreeSet<String> lines = new TreeSet<>();
        for (FileDescriptor file : List.of(
                Envelope.getDescriptor().getFile(), RateSignal.getDescriptor().getFile())) {
            for (Descriptor message : file.getMessageTypes()) {
                for (FieldDescriptor field : message.getFields()) {
                    String type = switch (field.getJavaType()) {
                        case MESSAGE -> field.getMessageType().getName();
                        case ENUM -> field.getEnumType().getName();
                        default -> field.getType().name().toLowerCase(java.util.Locale.ROOT);
                    };
                    lines.add("%s.%s = %d %s%s"
                            .formatted(
                                    message.getName(),
                                    field.getName(),
                                    field.getNumber(),
                                    field.isRepeated() ? "repeated " : field.hasPresence() ? "optional " : "",
                                    type));
                }
            }
            for (EnumDescriptor type : file.getEnumTypes()) {
                for (EnumValueDescriptor value : type.getValues()) {
                    lines.add("%s.%s = %d".formatted(type.getName(), value.getName(), value.getNumber()));
                }
            }
        }
        return lines;
    }

    private static List<String> baseline() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(CompatibilityTest.class.getResourceAsStream("/wire-baseline.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        }
    }

    @Test
    void everyReleasedFieldIsStillThere() throws IOException {
        List<String> missing = new ArrayList<>(baseline());
        missing.removeAll(described());
        assertTrue(missing.isEmpty(), () -> "these would break readers of yesterday's messages: " + missing);
    }

    @Test
    void everyFieldIsInTheBaseline() throws IOException {
        TreeSet<String> added = described();
        added.removeAll(baseline());
        assertEquals(new TreeSet<>(), added, "add these lines to wire-baseline.txt");
    }
}
