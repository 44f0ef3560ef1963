package org.isthmus.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static Properties properties(String key, String value) {
        Properties properties = new Properties();
        properties.setProperty(key, value);
        return properties;
    }

    @Test
    void defaultsHoldWhereNobodySaysOtherwise() {
        Settings settings = Settings.of(Map.of("PATH", "/bin"), new Properties());
        assertEquals(Path.of("/dev/shm"), settings.get(Settings.SHM_DIRECTORY));
        assertEquals(Duration.ofSeconds(60), settings.get(Settings.WIREUP_TIMEOUT));
        assertEquals("default", settings.origin(Settings.WIREUP_TIMEOUT));
    }

    @Test
    void propertyWinsOverEnvironment() {
        Map<String, String> environment = Map.of("ISTHMUS_WIREUP_TIMEOUT", "5s");
        Settings both = Settings.of(environment, properties("isthmus.wireup.timeout", "7s"));
        assertEquals(Duration.ofSeconds(7), both.get(Settings.WIREUP_TIMEOUT));
        assertEquals("property isthmus.wireup.timeout", both.origin(Settings.WIREUP_TIMEOUT));
        Settings one = Settings.of(environment, new Properties());
        assertEquals("5s", one.text(Settings.WIREUP_TIMEOUT));
        assertEquals("environment ISTHMUS_WIREUP_TIMEOUT", one.origin(Settings.WIREUP_TIMEOUT));
    }

    @Test
    void everyDefaultCanBeRead() {
        Settings settings = Settings.of(Map.of(), new Properties());
        for (Setting<?> setting : Settings.table()) {
            assertEquals(setting.defaultText(), settings.text(setting));
            assertTrue(setting.key().startsWith("isthmus."), setting.key());
        }
    }

    @Test
    void unknownNamesAreRefusedWithTheNearestKnownOne() {
        SettingException variable = assertThrows(SettingException.class,
                () -> Settings.of(Map.of("ISTHMUS_WIREUP_TIMOUT", "5s"), new Properties()));
        assertTrue(variable.getMessage().contains("ISTHMUS_WIREUP_TIMOUT"), variable.getMessage());
        assertTrue(variable.getMessage().contains("did you mean ISTHMUS_WIREUP_TIMEOUT?"), variable.getMessage());
        SettingException property = assertThrows(SettingException.class,
                () -> Settings.of(Map.of(), properties("isthmus.shm.dri", "/tmp")));
        assertTrue(property.getMessage().contains("did you mean isthmus.shm.dir?"), property.getMessage());
        assertThrows(SettingException.class, () -> Settings.of(Map.of("ISTHMUS_XYZ", ""), new Properties()));
    }

    @Test
    void theLaunchersVariablesAreNoSettings() {
        Settings.of(Map.of("ISTHMUS_RANK", "0", "ISTHMUS_JOB", "x", "ISTHMUS_JAVA_HOME", "/jdk"), new Properties());
    }

    @Test
    void malformedValuesAreRefusedByName() {
        SettingException e = assertThrows(SettingException.class,
                () -> Settings.of(Map.of("ISTHMUS_WIREUP_TIMEOUT", "60"), new Properties()));
        assertEquals("setting isthmus.wireup.timeout = \"60\" (environment ISTHMUS_WIREUP_TIMEOUT): a time above zero "
                + "with its unit is needed, such as 200ms, 60s or 5m", e.getMessage());
    }
}
