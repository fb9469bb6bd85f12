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

package dev.outbox.autoconfigure.relay;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * What operators call this instance.
 */
final class InstanceName {

	private static final int LONGEST = 200;

	private InstanceName() {
	}

	static String of(@Nullable String configured, Environment environment) {
		if (configured != null) {
			return configured;
		}
		String application = environment.getProperty("spring.application.name");
		String name = ((application != null && !application.isBlank()) ? application + "@" : "") + host() + ":"
				+ ProcessHandle.current().pid();
		return (name.length() > LONGEST) ? name.substring(name.length() - LONGEST) : name;
	}

	/**
	 * A container's host name is in its environment; asking the name service can take
	 * seconds.
	 */
	private static String host() {
		String name = System.getenv("HOSTNAME");
		if (name != null && !name.isBlank()) {
			return name;
		}
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "localhost";
		}
	}

}
