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

package dev.outbox.sample.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.springframework.core.env.Environment;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.StringUtils;

/**
 * What the sample was called with. All of it goes on to the instances; the launcher
 * itself looks for the profiles, the ports and the directory of the servers, which may be
 * said by system properties and the environment as well.
 */
final class Options {

	private static final String PROFILES = "spring.profiles.active";

	/** So that the line that says where to look is not lost. */
	private static final Map<String, String> QUIET = Map.of("logging.level.root", "warn", "logging.level.dev.outbox",
			"info", "spring.main.banner-mode", "off", "spring.main.log-startup-info", "false");

	private static final Set<String> OTHER_DATABASE = Set.of("external", "compose", "mongo", "mysql");

	private static final Set<String> OTHER_BROKER = Set.of("external", "compose", "mongo", "rabbit");

	private final Map<String, String> arguments;

	private final Environment environment;

	private Options(Map<String, String> arguments, Environment environment) {
		this.arguments = arguments;
		this.environment = environment;
	}

	static Options of(String... arguments) {
		SimpleCommandLinePropertySource source = new SimpleCommandLinePropertySource(arguments);
		Map<String, String> map = new LinkedHashMap<>();
		for (String name : source.getPropertyNames()) {
			String value = source.getProperty(name);
			map.put(name, (value != null) ? value : "");
		}
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(source);
		return new Options(map, environment);
	}

	boolean isDatabaseEmbedded() {
		return profiles().stream().noneMatch(OTHER_DATABASE::contains);
	}

	boolean isBrokerEmbedded() {
		return profiles().stream().noneMatch(OTHER_BROKER::contains);
	}

	Path directory() {
		return Path.of(this.environment.getProperty("sample.embedded.directory",
				System.getProperty("java.io.tmpdir") + "/outbox-sample"));
	}

	int firstPort() {
		return this.environment.getProperty("server.port", Integer.class, 8080);
	}

	/**
	 * Return whether the instances start with the beans that were prepared at build time.
	 */
	boolean isAot() {
		return this.environment.getProperty("sample.aot", Boolean.class, false);
	}

	/**
	 * Return the port of the second instance: the next one, and any if the first one has
	 * any.
	 */
	int secondPort() {
		int first = firstPort();
		return this.environment.getProperty("sample.second-port", Integer.class, (first != 0) ? first + 1 : 0);
	}

	/**
	 * Return the arguments of an instance.
	 * @param own what the launcher says, whatever the sample was called with
	 */
	List<String> forInstance(Map<String, String> own) {
		Map<String, String> all = new LinkedHashMap<>(QUIET);
		all.putAll(this.arguments);
		all.putAll(own);
		Set<String> profiles = profiles();
		// The servers are here, or elsewhere, but not in an instance.
		profiles.add("external");
		all.put(PROFILES, String.join(",", profiles));
		List<String> list = new ArrayList<>();
		all.forEach((name, value) -> list.add(value.isEmpty() ? "--" + name : "--" + name + "=" + value));
		return list;
	}

	private Set<String> profiles() {
		return new LinkedHashSet<>(
				StringUtils.commaDelimitedListToSet(this.environment.getProperty(PROFILES, "").replace(" ", "")));
	}

}
