package org.isthmus.launch.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.Backends;
import org.isthmus.node.spi.Diagnosis;

/** What the backends in use find when they examine this machine. */
final class BackendCheck implements Check {
    @Override
    public List<Finding> look(Machine machine, Settings settings) throws IOException {
        List<String> used = Arrays.asList(settings.get(Settings.BACKEND).split(","));
        List<Finding> findings = new ArrayList<>();
        for (Backend backend : Backends.all()) {
            if (used.contains(backend.name())) {
                for (Diagnosis diagnosis : backend.diagnose(settings)) {
                    findings.add(finding(diagnosis));
                }
            }
        }
        return findings;
    }

    static Finding finding(Diagnosis diagnosis) {
        Finding.Grade bad = diagnosis.fails() ? Finding.Grade.PROBLEM : Finding.Grade.NOTE;
        return new Finding(diagnosis.advice().isEmpty() ? Finding.Grade.OK : bad, diagnosis.subject(),
                diagnosis.found(), diagnosis.advice());
    }
}
