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

package dev.outbox.docs;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.outbox.OutboxPublisher;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.test.OutboxTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What other people's code can call is written down, so that nobody changes it without
 * seeing that. There is no release yet with which a tool could compare it.
 */
class ApiTests {

	private static final Path DOCUMENTS = Path.of("..", "docs", "reference", "api");

	/** Each class has them. */
	private static final Set<String> OF_EACH_CLASS = Set.of("equals", "hashCode", "toString");

	static Stream<Arguments> modules() {
		return Stream.of(Arguments.of("outbox-core", OutboxPublisher.class),
				Arguments.of("outbox-spring-boot-autoconfigure", OutboxProperties.class),
				Arguments.of("outbox-test", OutboxTest.class));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("modules")
	void theSignaturesAreThoseOfTheDocument(String module, Class<?> anchor) throws Exception {
		String expected = typesOf(anchor).stream().map(ApiTests::describe).collect(Collectors.joining("\n"));
		Path document = DOCUMENTS.resolve(module + ".txt");
		if (Boolean.getBoolean("outbox.docs.write")) {
			Files.createDirectories(DOCUMENTS);
			Files.writeString(document, expected);
		}
		assertThat(Files.readString(document)).as("rerun with -Doutbox.docs.write=true").isEqualTo(expected);
	}

	private static List<Class<?>> typesOf(Class<?> anchor) throws IOException, ClassNotFoundException {
		String location = anchor.getProtectionDomain().getCodeSource().getLocation().getPath();
		Resource[] all = new PathMatchingResourcePatternResolver()
			.getResources("classpath*:" + ClassUtils.convertClassNameToResourcePath("dev.outbox") + "/**/*.class");
		List<Class<?>> types = new ArrayList<>();
		for (Resource resource : all) {
			String url = resource.getURL().getPath();
			int start = url.indexOf(location);
			if (start >= 0 && !url.endsWith("package-info.class")) {
				String path = url.substring(start + location.length()).replaceFirst("^!?/", "");
				Class<?> type = Class.forName(ClassUtils.convertResourcePathToClassName(path.replace(".class", "")),
						false, anchor.getClassLoader());
				if (isCallable(type)) {
					types.add(type);
				}
			}
		}
		types.sort(Comparator.comparing(Class::getName));
		return types;
	}

	private static boolean isCallable(Class<?> type) {
		Class<?> enclosing = type.getEnclosingClass();
		return !type.isSynthetic() && !type.isAnonymousClass() && !type.isLocalClass() && isVisible(type.getModifiers())
				&& (enclosing == null || isCallable(enclosing));
	}

	private static boolean isVisible(int modifiers) {
		return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
	}

	private static String describe(Class<?> type) {
		String members = Stream.of(type.getDeclaredFields(), type.getDeclaredConstructors(), type.getDeclaredMethods())
			.flatMap(Arrays::stream)
			.filter((member) -> isCallable(type, member))
			.map((member) -> "\t" + signature(type, member) + "\n")
			.sorted()
			.collect(Collectors.joining());
		return type.toGenericString() + supertypes(type) + "\n" + members;
	}

	private static boolean isCallable(Class<?> type, Member member) {
		if (member.isSynthetic() || !isVisible(member.getModifiers())
				|| (member instanceof Method && OF_EACH_CLASS.contains(member.getName()))) {
			return false;
		}
		return Modifier.isPublic(member.getModifiers()) || !Modifier.isFinal(type.getModifiers());
	}

	private static String signature(Class<?> type, AnnotatedElement member) {
		String text = (member instanceof Executable executable) ? executable.toGenericString()
				: ((Field) member).toGenericString();
		return text.replace(type.getName() + ".", "").replace(type.getTypeName() + "(", type.getSimpleName() + "(");
	}

	private static String supertypes(Class<?> type) {
		List<Type> types = new ArrayList<>(List.of(type.getGenericInterfaces()));
		Type parent = type.getGenericSuperclass();
		if (parent != null && parent != Object.class && !type.isRecord() && !type.isEnum()) {
			types.add(0, parent);
		}
		return types.isEmpty() ? ""
				: types.stream().map(Type::getTypeName).collect(Collectors.joining(", ", " : ", ""));
	}

}
