/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.lab;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.kafka.common.utils.AppInfoParser;

import org.springframework.boot.SpringBootVersion;

/**
 * Says on what the figures were measured.
 */
final class Machine {

	private static final Pattern VERSIONED = Pattern.compile(
			"/(namastack-outbox-core|transactionoutbox-core|spring-modulith-events-core|postgresql|mariadb-java-client)"
					+ "-(\\d[^/]*?)\\.jar");

	private Machine() {
	}

	static Map<String, String> describe(Rig rig) {
		Map<String, String> machine = new LinkedHashMap<>();
		machine.put("processor", field("/proc/cpuinfo", "model name"));
		machine.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
		machine.put("memory", field("/proc/meminfo", "MemTotal"));
		machine.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
		machine.put("java", System.getProperty("java.vendor") + " " + Runtime.version());
		machine.put("database", rig.databaseVersion());
		machine.put("kafka clients and broker", AppInfoParser.getVersion());
		machine.put("Spring Boot", SpringBootVersion.getVersion());
		String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		machine.putAll(versions(classPath));
		return machine;
	}

	static Map<String, String> versions(String classPath) {
		Map<String, String> versions = new LinkedHashMap<>();
		Arrays.stream(classPath.split(File.pathSeparator)).forEach((entry) -> {
			Matcher matcher = VERSIONED.matcher(entry);
			if (matcher.find()) {
				versions.put(matcher.group(1), matcher.group(2));
			}
		});
		return versions;
	}

	private static String field(String file, String name) {
		try {
			return Files.readAllLines(Path.of(file))
				.stream()
				.filter((line) -> line.startsWith(name))
				.map((line) -> line.substring(line.indexOf(':') + 1).trim())
				.findFirst()
				.orElse("unknown");
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

}
