@echo off
rem Starts Graft on Windows: needs JDK 25 or later in GRAFT_JAVA_HOME or JAVA_HOME; builds on first use.
setlocal
set "jdk=%JAVA_HOME%"
if defined GRAFT_JAVA_HOME set "jdk=%GRAFT_JAVA_HOME%"
if not exist "%jdk%\bin\java.exe" goto nojdk
set "major="
for /f "tokens=2 delims==." %%v in ('findstr /b "JAVA_VERSION=" "%jdk%\release"') do if not defined major set "major=%%~v"
if not defined major goto nojdk
set "major=%major:"=%"
if %major% LSS 25 goto nojdk
set "home=%~dp0"
if not exist "%home%graft-cli\target\classpath" (
  echo graft: building ^(first run^); this takes a minute 1>&2
  pushd "%home%"
  set "JAVA_HOME=%jdk%"
  call mvn -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true package 1>&2 || (popd & echo error: the build failed 1>&2 & exit /b 1)
  popd
)
set /p libraries=<"%home%graft-cli\target\classpath"
"%jdk%\bin\java" "@%home%graft-cli\jvm.options" ^
  -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 "-Dgraft.home=%home%." %GRAFT_JAVA_OPTS% ^
  -cp "%home%graft-cli\target\classes;%home%graft-core\target\classes;%libraries%" dev.graft.cli.Main %*
exit /b %errorlevel%
:nojdk
echo error: Graft needs a JDK 25 or later; install one ^(for example from adoptium.net^) and set JAVA_HOME to it 1>&2
exit /b 2
