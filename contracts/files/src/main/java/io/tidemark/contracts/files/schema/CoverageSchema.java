package io.tidemark.contracts.files.schema;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** The schema of coverage files: fixed columns, and behind them the alerts' own as texts. */
public final class CoverageSchema {
    public static final String NAME = "coverage.v1";

    /** Field ids of the alerts' own columns begin here. */
    private static final int FIRST_OWN_ID = 1_000;

    private CoverageSchema() {}

    /** The contract's text. */
    public static String text() {
        return EventSchema.resource(NAME + ".txt");
    }

    /** The names that an alert's own columns cannot have. */
    public static List<String> fixedNames() {
        return fixed().getFields().stream().map(Type::getName).toList();
    }

    private static MessageType fixed() {
        return MessageTypeParser.parseMessageType(text());
    }

    public static MessageType withColumns(List<String> own) {
        MessageType fixed = fixed();
        List<Type> fields = new ArrayList<>(fixed.getFields());
        for (int i = 0; i < own.size(); i++) {
            fields.add(Types.optional(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.stringType())
                    .id(FIRST_OWN_ID + i)
                    .named(own.get(i)));
        }
        return new MessageType(fixed.getName(), fields);
    }
}
