package masthead.node;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.plugins.PluginsLoader;

/** Runs one Elasticsearch node on loopback until it is told to end: for trying the shop out and for its tests. */
public final class Node {
    private static final int CLOSE_SECONDS = 20;

    private Node() {}

    /**
     * Arguments: home folder, folder for data, HTTP port, transport port, and perhaps "attached": then it ends with
     * whoever holds its standard input, so that no node outlives a test that was killed.
     */
    public static void main(String[] arguments) throws Exception {
        boolean attached = arguments.length == 5 && arguments[4].equals("attached");
        if (arguments.length != 4 && !attached) {
            System.err.println("usage: Node HOME DATA HTTP_PORT TRANSPORT_PORT [attached]");
            System.exit(2);
        }
        // Before anything else of Elasticsearch's is touched.
        LogConfigurator.configureESLogging();
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Path data = Path.of(arguments[1]).toAbsolutePath();
        Environment environment = environment(home, data, arguments[2], arguments[3]);
        LogConfigurator.configure(environment, true);
        var node = new org.elasticsearch.node.Node(environment, plugins(environment));
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node, ended)));
        node.start();
        if (attached) {
            while (System.in.read() >= 0) {
                // Nobody says anything; the end of it is what counts.
            }
            System.exit(0);
        }
        ended.await();
    }

    private static Environment environment(Path home, Path data, String http, String transport) {
        Settings settings = Settings.builder()
            .put("path.home", home.toString())
            .put("path.data", data.toString())
            .put("path.logs", data.resolve("logs").toString())
            .put("network.host", "127.0.0.1")
            .put("http.port", http)
            .put("transport.port", transport)
            .put("discovery.type", "single-node")
            .put("cluster.name", "masthead")
            .put("node.name", "masthead")
            // A developer's disk is often nearly full, and a read-only index helps nobody there.
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            // A small heap is full of garbage most of the time, which is no reason to refuse work.
            .put("indices.breaker.total.use_real_memory", false)
            .build();
        return InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home.resolve("config"), () -> "masthead");
    }

    private static PluginsLoader plugins(Environment environment) {
        return PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir(), false),
            PluginsLoader.loadPluginsBundles(environment.pluginsDir(), false),
            Map.of()
        );
    }

    private static void close(org.elasticsearch.node.Node node, CountDownLatch ended) {
        try {
            node.close();
            node.awaitClose(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception error) {
            System.err.println("The node did not close: " + error);
        } finally {
            ended.countDown();
        }
    }
}
