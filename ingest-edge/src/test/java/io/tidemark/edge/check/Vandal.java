package io.tidemark.edge.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages a folder, and says how. */
final class Vandal {
    private final Path folder;
    private final Random random;

    Vandal(Path folder, long seed) {
        this.folder = folder;
        this.random = new Random(seed);
    }

    String act() throws IOException {
        List<Path> files = DataFolder.files(folder.resolve("raw")).stream()
                .filter(file -> {
                    String name = String.valueOf(file.getFileName());
                    return !name.equals("ordinal") && !name.startsWith(".");
                })
                .toList();
        Path file = files.get(random.nextInt(files.size()));
        byte[] bytes = Files.readAllBytes(file);
        String name = folder.relativize(file).toString();
        switch (bytes.length == 0 ? 4 : random.nextInt(7)) {
            case 0, 1 -> {
                int at = random.nextInt(bytes.length);
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
                return "bit of byte " + at + " flipped in " + name;
            }
            case 2 -> {
                int at = random.nextInt(bytes.length);
                int to = Math.min(bytes.length, at + 1 + random.nextInt(400));
                for (int i = at; i < to; i++) {
                    bytes[i] = (byte) random.nextInt();
                }
                Files.write(file, bytes);
                return "bytes " + at + " to " + to + " overwritten in " + name;
            }
            case 3 -> {
                int length = random.nextInt(bytes.length);
                Files.write(file, Arrays.copyOf(bytes, length));
                return name + " cut at " + length + " of " + bytes.length;
            }
            case 4 -> {
                Files.delete(file);
                return name + " deleted";
            }
            case 5 -> {
                List<Path> others = files.stream()
                        .filter(one -> ending(one).equals(ending(file)) && !one.equals(file))
                        .toList();
                if (others.isEmpty()) {
                    return "nothing done";
                }
                Path other = others.get(random.nextInt(others.size()));
                byte[] otherBytes = Files.readAllBytes(other);
                Files.write(other, bytes);
                Files.write(file, otherBytes);
                return name + " swapped with " + folder.relativize(other);
            }
            default -> {
                String plain = String.valueOf(file.getFileName());
                Path copy = file.resolveSibling(plain.replaceFirst("\\d{10}", "0000000" + (100 + random.nextInt(900))));
                Files.write(copy, bytes);
                return name + " doubled as " + copy.getFileName();
            }
        }
    }

    private static String ending(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.indexOf('.');
        return (dot < 0 ? name : name.substring(dot)) + (file.toString().contains("_manifest") ? "m" : "");
    }
}
