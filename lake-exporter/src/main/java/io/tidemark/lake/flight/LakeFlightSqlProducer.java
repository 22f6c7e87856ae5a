package io.tidemark.lake.flight;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.tidemark.lake.flight.Handles.Handle;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.CancelFlightInfoRequest;
import org.apache.arrow.flight.CancelStatus;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.SchemaResult;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.BasicFlightSqlProducer;
import org.apache.arrow.flight.sql.impl.FlightSql;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionClosePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementUpdate;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementUpdate;
import org.apache.arrow.flight.sql.impl.FlightSql.TicketStatementQuery;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Speaks Flight SQL: turns the protocol's calls into plans, handles and queries, and holds no state of its own.
 *
 * <p>Called on the server's bounded executor. Planning is short and limited; results come from the workers of
 * {@link QueryPool}.
 */
final class LakeFlightSqlProducer extends BasicFlightSqlProducer {
    private static final long PARAMETERS_WITHIN_SECONDS = 30;

    private final CurrentLake lake;
    private final QueryPool queries;
    private final Handles handles;
    private final CatalogAnswers catalog;
    private final ServerFacts facts;

    LakeFlightSqlProducer(
            CurrentLake lake, QueryPool queries, Handles handles, CatalogAnswers catalog, ServerFacts facts) {
        this.lake = lake;
        this.queries = queries;
        this.handles = handles;
        this.catalog = catalog;
        this.facts = facts;
    }

    @Override
    protected <T extends Message> List<FlightEndpoint> determineEndpoints(
            T request, FlightDescriptor descriptor, Schema schema) {
        // Without a location: the client fetches over the connection it has.
        return List.of(new FlightEndpoint(new Ticket(Any.pack(request).toByteArray())));
    }

    @Override
    public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
        if (!descriptor.isCommand() || !PlainTicket.is(descriptor.getCommand())) {
            return super.getFlightInfo(context, descriptor);
        }
        Schema schema = queries.plan(PlainTicket.sql(descriptor.getCommand())).schema();
        FlightEndpoint endpoint = new FlightEndpoint(new Ticket(descriptor.getCommand()));
        return new FlightInfo(schema, descriptor, List.of(endpoint), -1, -1);
    }

    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
        if (!PlainTicket.is(ticket.getBytes())) {
            super.getStream(context, ticket, listener);
            return;
        }
        answer(listener, () -> {
            Handle handle = handles.add(queries.plan(PlainTicket.sql(ticket.getBytes())));
            queries.stream(handle, listener, () -> handles.remove(handle.id()));
        });
    }

    @Override
    public FlightInfo getFlightInfoStatement(
            CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
        Handle handle = handles.add(queries.plan(command.getQuery()));
        TicketStatementQuery ticket = TicketStatementQuery.newBuilder()
                .setStatementHandle(handle.id())
                .build();
        return generateFlightInfo(ticket, descriptor, handle.plan().schema());
    }

    @Override
    public SchemaResult getSchemaStatement(
            CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
        return new SchemaResult(queries.plan(command.getQuery()).schema());
    }

    @Override
    public void getStreamStatement(TicketStatementQuery ticket, CallContext context, ServerStreamListener listener) {
        answer(listener, () -> {
            Handle handle = handles.get(ticket.getStatementHandle());
            queries.stream(handle, listener, () -> handles.remove(handle.id()));
        });
    }

    @Override
    public void createPreparedStatement(
            ActionCreatePreparedStatementRequest request, CallContext context, StreamListener<Result> listener) {
        try {
            Handle handle = handles.add(queries.plan(request.getQuery()));
            FlightSql.ActionCreatePreparedStatementResult result =
                    FlightSql.ActionCreatePreparedStatementResult.newBuilder()
                            .setPreparedStatementHandle(handle.id())
                            .setDatasetSchema(
                                    ByteString.copyFrom(handle.plan().schema().serializeAsMessage()))
                            .setParameterSchema(ByteString.copyFrom(
                                    handle.plan().parameters().serializeAsMessage()))
                            .build();
            listener.onNext(new Result(Any.pack(result).toByteArray()));
            listener.onCompleted();
        } catch (RuntimeException e) {
            listener.onError(Answers.of(e, null));
        }
    }

    @Override
    public void closePreparedStatement(
            ActionClosePreparedStatementRequest request, CallContext context, StreamListener<Result> listener) {
        handles.remove(request.getPreparedStatementHandle());
        listener.onCompleted();
    }

    @Override
    public FlightInfo getFlightInfoPreparedStatement(
            CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
        Handle handle = handles.get(command.getPreparedStatementHandle());
        return generateFlightInfo(command, descriptor, handle.plan().schema());
    }

    @Override
    public SchemaResult getSchemaPreparedStatement(
            CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
        return new SchemaResult(
                handles.get(command.getPreparedStatementHandle()).plan().schema());
    }

    @Override
    public void getStreamPreparedStatement(
            CommandPreparedStatementQuery command, CallContext context, ServerStreamListener listener) {
        answer(listener, () -> {
            Handle handle = handles.get(command.getPreparedStatementHandle());
            int missing = handle.plan().parameters().getFields().size()
                    - handle.parameters().count();
            if (missing > 0) {
                throw CallStatus.INVALID_ARGUMENT
                        .withDescription("the statement has " + missing + " parameter(s) without a value")
                        .toRuntimeException();
            }
            queries.stream(handle, listener, () -> {});
        });
    }

    @Override
    public Runnable acceptPutPreparedStatementQuery(
            CommandPreparedStatementQuery command,
            CallContext context,
            FlightStream values,
            StreamListener<PutResult> listener) {
        return () -> {
            // Whoever announces parameters and sends none must not hold this thread for ever.
            Thread reader = Thread.currentThread();
            Future<?> limit = queries.timer().schedule(reader::interrupt, PARAMETERS_WITHIN_SECONDS, TimeUnit.SECONDS);
            try {
                bind(handles.get(command.getPreparedStatementHandle()), values);
                listener.onCompleted();
            } catch (RuntimeException e) {
                listener.onError(Answers.of(e, null));
            } finally {
                limit.cancel(false);
            }
        };
    }

    private static void bind(Handle handle, FlightStream values) {
        Parameters bound = Parameters.NONE;
        int rows = 0;
        while (values.next()) {
            rows += values.getRoot().getRowCount();
            if (rows > 1) {
                throw CallStatus.INVALID_ARGUMENT
                        .withDescription("one set of parameters at a time")
                        .toRuntimeException();
            }
            if (values.getRoot().getRowCount() == 1) {
                bound = Parameters.of(values.getRoot());
            }
        }
        int wanted = handle.plan().parameters().getFields().size();
        if (bound.count() != wanted) {
            throw CallStatus.INVALID_ARGUMENT
                    .withDescription("the statement has " + wanted + " parameter(s), not " + bound.count())
                    .toRuntimeException();
        }
        handle.bind(bound);
    }

    @Override
    public Runnable acceptPutStatement(
            CommandStatementUpdate command,
            CallContext context,
            FlightStream stream,
            StreamListener<PutResult> listener) {
        return () -> listener.onError(readOnly());
    }

    @Override
    public Runnable acceptPutPreparedStatementUpdate(
            CommandPreparedStatementUpdate command,
            CallContext context,
            FlightStream stream,
            StreamListener<PutResult> listener) {
        return () -> listener.onError(readOnly());
    }

    private static FlightRuntimeException readOnly() {
        return CallStatus.UNAUTHORIZED
                .withDescription("refused: the lake can only be read, with SELECT")
                .toRuntimeException();
    }

    @Override
    public void cancelFlightInfo(
            CancelFlightInfoRequest request, CallContext context, StreamListener<CancelStatus> listener) {
        try {
            boolean stopped = false;
            for (FlightEndpoint endpoint : request.getInfo().getEndpoints()) {
                Handle handle = handles.get(handleOf(endpoint.getTicket()));
                for (Watch watch : handle.running()) {
                    watch.stop(Watch.Reason.CLIENT);
                    stopped = true;
                }
            }
            listener.onNext(stopped ? CancelStatus.CANCELLED : CancelStatus.NOT_CANCELLABLE);
            listener.onCompleted();
        } catch (InvalidProtocolBufferException e) {
            listener.onError(CallStatus.INVALID_ARGUMENT
                    .withDescription("this is no ticket of a statement")
                    .toRuntimeException());
        } catch (RuntimeException e) {
            listener.onError(Answers.of(e, null));
        }
    }

    private static ByteString handleOf(Ticket ticket) throws InvalidProtocolBufferException {
        Any any = Any.parseFrom(ticket.getBytes());
        return any.is(TicketStatementQuery.class)
                ? any.unpack(TicketStatementQuery.class).getStatementHandle()
                : any.unpack(CommandPreparedStatementQuery.class).getPreparedStatementHandle();
    }

    @Override
    public void getStreamCatalogs(CallContext context, ServerStreamListener listener) {
        answer(listener, () -> catalog.catalogs(listener));
    }

    @Override
    public void getStreamSchemas(
            FlightSql.CommandGetDbSchemas command, CallContext context, ServerStreamListener listener) {
        answer(listener, () -> catalog.schemas(command, listener));
    }

    @Override
    public void getStreamTables(CommandGetTables command, CallContext context, ServerStreamListener listener) {
        answer(listener, () -> {
            try (CurrentLake.Lease lease = lake.lease()) {
                catalog.tables(command, lease.engine().tables(), listener);
            }
        });
    }

    @Override
    public void getStreamTableTypes(CallContext context, ServerStreamListener listener) {
        answer(listener, () -> catalog.tableTypes(listener));
    }

    @Override
    public void getStreamPrimaryKeys(
            FlightSql.CommandGetPrimaryKeys command, CallContext context, ServerStreamListener listener) {
        answer(listener, () -> catalog.nothing(Schemas.GET_PRIMARY_KEYS_SCHEMA, listener));
    }

    @Override
    public void getStreamExportedKeys(
            FlightSql.CommandGetExportedKeys command, CallContext context, ServerStreamListener listener) {
        answer(listener, () -> catalog.nothing(Schemas.GET_EXPORTED_KEYS_SCHEMA, listener));
    }

    @Override
    public void getStreamImportedKeys(
            FlightSql.CommandGetImportedKeys command, CallContext context, ServerStreamListener listener) {
        answer(listener, () -> catalog.nothing(Schemas.GET_IMPORTED_KEYS_SCHEMA, listener));
    }

    @Override
    public void getStreamCrossReference(
            FlightSql.CommandGetCrossReference command, CallContext context, ServerStreamListener listener) {
        answer(listener, () -> catalog.nothing(Schemas.GET_CROSS_REFERENCE_SCHEMA, listener));
    }

    @Override
    public void getStreamTypeInfo(
            FlightSql.CommandGetXdbcTypeInfo command, CallContext context, ServerStreamListener listener) {
        answer(listener, () -> catalog.nothing(Schemas.GET_TYPE_INFO_SCHEMA, listener));
    }

    @Override
    public void getStreamSqlInfo(
            FlightSql.CommandGetSqlInfo command, CallContext context, ServerStreamListener listener) {
        answer(listener, () -> facts.send(command.getInfoList(), listener));
    }

    private static void answer(ServerStreamListener listener, Runnable answer) {
        try {
            answer.run();
        } catch (RuntimeException e) {
            listener.error(Answers.of(e, null));
        }
    }
}
