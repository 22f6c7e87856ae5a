package io.tidemark.store.admin;

import io.tidemark.store.database.JdbcAccess;
import io.tidemark.store.mode.Evidence;
import io.tidemark.store.mode.ModeChange;
import io.tidemark.store.mode.ModeState;
import io.tidemark.store.mode.StoreMode;
import io.tidemark.store.mode.Transition;
import io.tidemark.store.verify.ParityCheck;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** What commands and admin endpoints have in common about modes: the registry, and the way to another mode. */
final class StoreControl {
    private static final int NAMED = 20;

    private final JdbcAccess access;

    StoreControl(JdbcAccess access) {
        this.access = access;
    }

    /**
     * A mode as the registry lists it.
     *
     * @param setting the word of STORE_MODE that it belongs to
     * @param phase of the migration from one table to the other: 0 before, 1 and 2 dual, 3 after
     * @param next the modes that one step leads to
     */
    record Listed(
            String name,
            String setting,
            int phase,
            String description,
            String primary,
            String shadow,
            boolean current,
            List<Next> next) {}

    /** A step, and whether the tables have to be proved equal for it. */
    record Next(String to, boolean needsProof, String meaning) {}

    /** All modes, in the order of the migration. */
    static List<Listed> registry(ModeState now) {
        List<Listed> modes = new ArrayList<>();
        for (StoreMode mode : StoreMode.values()) {
            String primary = mode.legacyIsPrimary() ? "bars" : "bars_ohlcv";
            String other = mode.legacyIsPrimary() ? "bars_ohlcv" : "bars";
            modes.add(new Listed(
                    mode.name(),
                    mode.setting(),
                    mode.ordinal(),
                    mode.description(),
                    primary,
                    mode.isDual() ? other : "",
                    mode == now.mode(),
                    Transition.from(mode).stream()
                            .map(step -> new Next(step.to().name(), step.needsProof(), step.meaning()))
                            .toList()));
        }
        return modes;
    }

    /** Reads a mode's name in any case and with {@code -} for {@code _}; throws with the list of names. */
    static StoreMode mode(String name) {
        String plain = name.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        for (StoreMode mode : StoreMode.values()) {
            if (mode.name().equals(plain)) {
                return mode;
            }
        }
        throw new IllegalArgumentException(
                "\"" + name + "\" is no mode (legacy, dual-legacy, dual-provider or provider)");
    }

    /** Takes the step; compares the tables before, where the step asks for it and it is not forced. */
    ModeState change(ModeChange.Order order, Consumer<String> progress) throws SQLException, ModeChange.Refused {
        ModeChange change = new ModeChange(access);
        ModeState now = change.read();
        boolean needsProof = Transition.between(now.mode(), order.to())
                .map(Transition::needsProof)
                .orElse(false);
        Evidence evidence = Evidence.none(now.epoch());
        if (needsProof && !order.force()) {
            evidence = new ParityCheck(access, NAMED)
                    .compare(ParityCheck.BEGINNING, ParityCheck.END, progress)
                    .evidence();
        }
        return change.change(order, evidence);
    }
}
