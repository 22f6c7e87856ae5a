package io.tidemark.edge.check;

/**
 * One thing that is not as it should be.
 *
 * @param file relative to the data folder
 * @param place within the file, such as "byte 1639" or "row 12"; empty where it is the file as a whole
 */
public record Fault(String file, String place, String problem) {
    @Override
    public String toString() {
        return file + ": " + (place.isEmpty() ? "" : place + ": ") + problem;
    }
}
