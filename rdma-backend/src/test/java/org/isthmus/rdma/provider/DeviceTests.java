package org.isthmus.rdma.provider;

import java.io.PrintWriter;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs all tests of the given packages and classes with the tag "device" in this process, for a machine that has one:
 * prints a line for each, "ok CLASS NAME" or "failed CLASS NAME" with its stack trace, and exits with 0 if all
 * succeeded.
 */
public final class DeviceTests {
    static final String OK = "ok ";

    private DeviceTests() {}

    public static void main(String[] arguments) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Stream.of(arguments).map(DeviceTests::selector).toList())
                .filters(TagFilter.includeTags("device")).build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, summary, new Lines());
        summary.getSummary().printTo(new PrintWriter(System.out));
        boolean good = summary.getSummary().getTotalFailureCount() == 0
                && summary.getSummary().getTestsSucceededCount() > 0;
        System.out.flush();
        Runtime.getRuntime().halt(good ? 0 : 1); // threads of failed tests may wait for ever
    }

    /** Classes are known by the capital letter of their name. */
    private static DiscoverySelector selector(String name) {
        return Character.isUpperCase(name.charAt(name.lastIndexOf('.') + 1)) ? DiscoverySelectors.selectClass(name)
                : DiscoverySelectors.selectPackage(name);
    }

    private static final class Lines implements TestExecutionListener {
        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            boolean good = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
            if (test.isTest() || !good) {
                System.out.println((good ? OK : "failed ")
                        + test.getUniqueId().replaceAll(".*\\[class:([^]]*)].*", "$1 ") + test.getDisplayName());
            }
            result.getThrowable().ifPresent(cause -> cause.printStackTrace(System.out));
        }
    }
}
