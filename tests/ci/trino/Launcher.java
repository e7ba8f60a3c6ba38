import com.google.inject.Key;
import io.trino.metadata.CatalogManager;
import io.trino.plugin.hive.HivePlugin;
import io.trino.plugin.iceberg.IcebergPlugin;
import io.trino.server.testing.TestingTrinoServer;
import io.trino.spi.catalog.CatalogName;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * One Trino server in this process. Prints "ready <url>"; each line that it is given then is a folder of plain files that
 * it serves from there on, in the place of the one before, and is answered by "serves <folder>". It stops when its
 * standard input ends, so that it never outlives who started it.
 *
 * Two catalogs share one metastore of files: hive reads Parquet files that others wrote, iceberg holds what Trino makes.
 * Each sends on what is the other's, so that a bare name finds both kinds, as it does in Glue.
 */
public class Launcher {
    public static void main(String[] arguments) throws Exception {
        // The server turns System.out into its log.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
        TestingTrinoServer server = TestingTrinoServer.builder()
                .setCoordinator(true)
                .build();
        server.installPlugin(new HivePlugin());
        server.installPlugin(new IcebergPlugin());
        out.println("ready " + server.getBaseUrl());

        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String folder = asked.readLine(); folder != null; folder = asked.readLine()) {
            serve(server, Path.of(folder));
            out.println("serves " + folder);
        }
        System.exit(0);
    }

    private static void serve(TestingTrinoServer server, Path folder) throws Exception {
        Files.createDirectories(folder.resolve(".metastore"));
        CatalogManager catalogs = server.getInstance(Key.get(CatalogManager.class));
        for (String name : new String[] {"hive", "iceberg"}) {
            catalogs.dropCatalog(new CatalogName(name), true);
        }
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
        // Athena keeps snapshots for as long as a table says, if that be seconds.
        iceberg.put("iceberg.expire-snapshots.min-retention", "0s");
        iceberg.put("iceberg.remove-orphan-files.min-retention", "0s");
        server.createCatalog("iceberg", "iceberg", iceberg);
    }
}
