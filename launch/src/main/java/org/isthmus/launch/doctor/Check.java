package org.isthmus.launch.doctor;

import java.io.IOException;
import java.util.List;
import org.isthmus.node.config.Settings;

/** One look at the machine. */
interface Check {
    /** What it found; empty where it does not apply. */
    List<Finding> look(Machine machine, Settings settings) throws IOException;
}
