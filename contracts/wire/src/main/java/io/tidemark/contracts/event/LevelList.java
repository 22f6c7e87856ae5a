package io.tidemark.contracts.event;

import com.google.protobuf.ByteString;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.proto.Levels;
import java.util.Arrays;

/**
 * One side of a book message, filled by a parser and encoded as parallel columns with one scale each.
 *
 * <p>Reused from message to message; allocates only while it grows. Levels of different scales are brought
 * to the largest one; what then does not fit 64 bits makes the whole list wide. Not thread-safe.
 */
public final class LevelList {
    private long[] prices = new long[64];
    private long[] sizes = new long[64];
    private byte[] priceScales = new byte[64];
    private byte[] sizeScales = new byte[64];
    private Decimal38[] widePrices = {};
    private Decimal38[] wideSizes = {};
    private int count;
    private boolean wide;

    public void clear() {
        count = 0;
        wide = false;
    }

    public int size() {
        return count;
    }

    public void add(Decimal38 price, Decimal38 size) {
        if (count == prices.length) {
            int larger = count * 2;
            prices = Arrays.copyOf(prices, larger);
            sizes = Arrays.copyOf(sizes, larger);
            priceScales = Arrays.copyOf(priceScales, larger);
            sizeScales = Arrays.copyOf(sizeScales, larger);
        }
        if (!wide && !(price.isSmall() && size.isSmall())) {
            widen();
        }
        if (wide) {
            addWide(price, size);
        } else {
            prices[count] = price.smallCoefficient();
            sizes[count] = size.smallCoefficient();
            priceScales[count] = (byte) price.scale();
            sizeScales[count] = (byte) size.scale();
        }
        count++;
    }

    private void addWide(Decimal38 price, Decimal38 size) {
        if (count >= widePrices.length) {
            int larger = Math.max(prices.length, count + 1);
            widePrices = Arrays.copyOf(widePrices, larger);
            wideSizes = Arrays.copyOf(wideSizes, larger);
        }
        Decimal38 widePrice = new Decimal38();
        widePrice.set(price);
        Decimal38 wideSize = new Decimal38();
        wideSize.set(size);
        widePrices[count] = widePrice;
        wideSizes[count] = wideSize;
    }

    private void widen() {
        int filled = count;
        Decimal38 price = new Decimal38();
        Decimal38 size = new Decimal38();
        for (count = 0; count < filled; count++) {
            price.set(prices[count], priceScales[count]);
            size.set(sizes[count], sizeScales[count]);
            addWide(price, size);
        }
        wide = true;
    }

    /** The level's price into {@code target}. */
    public void price(int index, Decimal38 target) {
        if (wide) {
            target.set(widePrices[index]);
        } else {
            target.set(prices[index], priceScales[index]);
        }
    }

    public void size(int index, Decimal38 target) {
        if (wide) {
            target.set(wideSizes[index]);
        } else {
            target.set(sizes[index], sizeScales[index]);
        }
    }

    /** Brings all levels to one scale; afterwards either narrow columns with one scale each, or wide. */
    private void align() {
        if (wide || count == 0) {
            return;
        }
        if (!alignColumn(prices, priceScales) || !alignColumn(sizes, sizeScales)) {
            widen();
        }
    }

    private boolean alignColumn(long[] values, byte[] scales) {
        byte scale = scales[0];
        boolean same = true;
        for (int i = 1; i < count; i++) {
            same &= scales[i] == scale;
            scale = (byte) Math.max(scale, scales[i]);
        }
        if (same) {
            return true;
        }
        for (int i = 0; i < count; i++) {
            if (!Scales.fits(values[i], scale - scales[i])) {
                return false;
            }
        }
        for (int i = 0; i < count; i++) {
            values[i] = Scales.up(values[i], scale - scales[i]);
            scales[i] = scale;
        }
        return true;
    }

    /** Writes the body of a {@link Levels} message. */
    void encode(WireBuffer out) {
        align();
        if (count == 0) {
            return;
        }
        if (wide) {
            for (int i = 0; i < count; i++) {
                out.decimalField(5, widePrices[i]);
            }
            for (int i = 0; i < count; i++) {
                out.decimalField(6, wideSizes[i]);
            }
            return;
        }
        out.varintField(1, priceScales[0]);
        out.varintField(2, sizeScales[0]);
        out.packedField(3, prices, count);
        out.packedField(4, sizes, count);
    }

    /** Fills this from a message. Throws {@link IllegalArgumentException} where its columns do not match. */
    public void read(Levels levels) {
        clear();
        Decimal38 price = new Decimal38();
        Decimal38 size = new Decimal38();
        int narrow = levels.getPricesCount();
        int wideLevels = levels.getWidePricesCount();
        if (narrow != levels.getSizesCount() || wideLevels != levels.getWideSizesCount()) {
            throw new IllegalArgumentException("book levels with " + (narrow + wideLevels) + " prices and "
                    + (levels.getSizesCount() + levels.getWideSizesCount()) + " sizes");
        }
        for (int i = 0; i < narrow; i++) {
            price.set(levels.getPrices(i), levels.getPriceScale());
            size.set(levels.getSizes(i), levels.getSizeScale());
            add(price, size);
        }
        for (int i = 0; i < wideLevels; i++) {
            readWire(levels.getWidePrices(i), price);
            readWire(levels.getWideSizes(i), size);
            add(price, size);
        }
    }

    private static void readWire(ByteString bytes, Decimal38 target) {
        byte[] copy = bytes.toByteArray();
        target.readWire(copy, 0, copy.length);
    }
}
