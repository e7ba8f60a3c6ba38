import io.trino.plugin.hive.HivePlugin;
import io.trino.plugin.iceberg.IcebergPlugin;
import io.trino.server.testing.TestingTrinoServer;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * One Trino server in this process, over a folder of plain files. Prints "ready <url>" and stops when its standard input
 * ends, so that it never outlives who started it. Argument: the folder.
 *
 * Two catalogs share one metastore of files: hive reads Parquet files that others wrote, iceberg holds what Trino makes.
 * Each sends on what is the other's, so that a bare name finds both kinds, as it does in Glue.
 */
public class Launcher {
    public static void main(String[] arguments) throws Exception {
        // The server turns System.out into its log.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        Files.createDirectories(folder.resolve(".metastore"));
        TestingTrinoServer server = TestingTrinoServer.builder()
                .setCoordinator(true)
                .build();
        server.installPlugin(new HivePlugin());
        server.installPlugin(new IcebergPlugin());

        Map<String, String> shared = Map.of(
                "hive.metastore.catalog.dir", "local:///.metastore",
                "hive.metastore.version-compatibility", "UNSAFE_ASSUME_COMPATIBILITY",
                "hive.metastore.disable-location-checks", "true",
                "fs.local.enabled", "true",
                "local.location", folder.toString());
        Map<String, String> hive = new HashMap<>(shared);
        hive.put("hive.metastore", "file");
        hive.put("hive.iceberg-catalog-name", "iceberg");
        // Parquet files hold microseconds; the connector's own default would cut them to milliseconds.
        hive.put("hive.timestamp-precision", "MICROSECONDS");
        hive.put("hive.non-managed-table-creates-enabled", "true");
        hive.put("hive.partition-projection-enabled", "true");
        // Athena reads the folders below a location too, and finds the columns of Parquet files by name.
        hive.put("hive.recursive-directories", "true");
        hive.put("hive.parquet.use-column-names", "true");
        // Of days that are worked out there is a folder only where something arrived.
        hive.put("hive.ignore-absent-partitions", "true");
        // Statistics are asked for by partition, and the metastore knows none of those that are worked out.
        hive.put("hive.table-statistics-enabled", "false");
        server.createCatalog("hive", "hive", hive);
        Map<String, String> iceberg = new HashMap<>(shared);
        iceberg.put("iceberg.catalog.type", "TESTING_FILE_METASTORE");
        iceberg.put("iceberg.hive-catalog-name", "hive");
        iceberg.put("iceberg.unique-table-location", "false");
        server.createCatalog("iceberg", "iceberg", iceberg);

        out.println("ready " + server.getBaseUrl());
        while (System.in.read() != -1) {
            // Nothing is said to the server this way: only the end matters.
        }
        System.exit(0);
    }
}
