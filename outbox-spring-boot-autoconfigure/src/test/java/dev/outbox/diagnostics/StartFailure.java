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

package dev.outbox.diagnostics;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Starts an application that cannot start, and returns what it prints.
 */
final class StartFailure {

	private StartFailure() {
	}

	static String print(CapturedOutput output, Class<?> application, String... properties) {
		return print(output, StartFailure.class.getClassLoader(), application, properties);
	}

	static String print(CapturedOutput output, @Nullable ClassLoader classes, Class<?> application,
			String... properties) {
		SpringApplication spring = new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.resourceLoader(new DefaultResourceLoader(classes))
			.bannerMode(Banner.Mode.OFF)
			.properties(properties)
			.build();
		assertThat(catchThrowable(spring::run)).as("the application has started").isNotNull();
		String all = output.getAll();
		int begin = all.lastIndexOf("APPLICATION FAILED TO START");
		assertThat(begin).as("nothing was explained").isNotNegative();
		return all.substring(all.indexOf("Description:", begin)).strip();
	}

}
