package io.tidemark.sync;

import io.tidemark.sync.target.Target;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** A target with somebody between it and its callers. By default it does nothing but pass on. */
public class TamperedTarget implements Target {
    private final Target target;

    public TamperedTarget(Target target) {
        this.target = target;
    }

    /** Sees each piece on its way, and may change it. */
    protected void onWrite(String path, byte[] bytes, int length) throws IOException {}

    protected void beforePublish(String path) throws IOException {}

    protected void beforeReceipt(String path) throws IOException {}

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public Closeable begin(Duration patience, BooleanSupplier stopped) throws IOException {
        return target.begin(patience, stopped);
    }

    @Override
    public OptionalLong size(String path) throws IOException {
        return target.size(path);
    }

    @Override
    public String sha256(String path, BooleanSupplier stopped) throws IOException {
        return target.sha256(path, stopped);
    }

    @Override
    public Upload upload(String path) throws IOException {
        Upload upload = target.upload(path);
        return new Upload() {
            @Override
            public void write(byte[] bytes, int length) throws IOException {
                byte[] copy = bytes.clone();
                onWrite(path, copy, length);
                upload.write(copy, length);
            }

            @Override
            public void publish(String sha256, BooleanSupplier stopped) throws IOException {
                beforePublish(path);
                upload.publish(sha256, stopped);
            }

            @Override
            public void close() {
                upload.close();
            }
        };
    }

    @Override
    public byte[] receipt(String path) throws IOException {
        return target.receipt(path);
    }

    @Override
    public void putReceipt(String path, byte[] receipt) throws IOException {
        beforeReceipt(path);
        target.putReceipt(path, receipt);
    }

    @Override
    public void eachReceipt(PathVisitor visitor) throws IOException {
        target.eachReceipt(visitor);
    }

    @Override
    public void eachFile(PathVisitor visitor) throws IOException {
        target.eachFile(visitor);
    }
}
