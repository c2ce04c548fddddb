; The installer for Windows: for one person, without administrator rights.
;   makensis -DVERSION=0.1.0 -DBUNDLE=dist\portway -DICON=build\portway.ico -DOUTPUT=dist\setup.exe installer\windows\portway.nsi
; Silent: setup.exe /S, and in the folder of the program uninstall.exe /S. Settings and logs stay: "portway forget" takes
; them away.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true
!include MUI2.nsh
!include FileFunc.nsh
!include WinMessages.nsh

!define NAME "Portway"
!define TRAY "portway-tray.exe"
!define COMMAND "portway.exe"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"

Name "${NAME}"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${NAME} setup"
VIAddVersionKey "LegalCopyright" "The Portway authors, GPL-3.0-or-later"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${TRAY}"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

LangString STILL_RUNS ${LANG_ENGLISH} "Portway is still running. Quit it by its icon, then try again."
LangString STILL_RUNS ${LANG_GERMAN} "Portway läuft noch. Beenden Sie es über sein Symbol und versuchen Sie es erneut."
LangString PROGRAM ${LANG_ENGLISH} "Portway"
LangString PROGRAM ${LANG_GERMAN} "Portway"
LangString IN_PATH ${LANG_ENGLISH} "“portway” in every terminal"
LangString IN_PATH ${LANG_GERMAN} "„portway“ in jedem Terminal"

; One that runs has its files open, so that none of them can be replaced: it is asked to end, in order.
!macro END_RUNNING UN
Function ${UN}EndRunning
  again:
  IfFileExists "$INSTDIR\${COMMAND}" 0 gone
  nsExec::Exec '"$INSTDIR\${COMMAND}" quit'
  Pop $0
  ClearErrors
  Delete "$INSTDIR\${TRAY}"
  Delete "$INSTDIR\${COMMAND}"
  IfErrors 0 gone
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(STILL_RUNS)" /SD IDCANCEL IDRETRY again
  Abort
  gone:
FunctionEnd
!macroend
!insertmacro END_RUNNING ""
!insertmacro END_RUNNING "un."

; By a script and not by a value of NSIS, whose strings end after 1,024 letters: a PATH may be longer.
!macro CHANGE_PATH HOW
  nsExec::Exec 'powershell.exe -NoProfile -ExecutionPolicy Bypass -File "$INSTDIR\path.ps1" ${HOW} "$INSTDIR"'
  Pop $0
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=5000
!macroend

Section "$(PROGRAM)" program
  SectionIn RO
  Call EndRunning
  RMDir /r "$INSTDIR\_internal" ; what another version had must not be found by this one
  SetOutPath "$INSTDIR"
  File /r "${BUNDLE}/*"
  File "${__FILEDIR__}/path.ps1"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${TRAY}"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\${TRAY}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "The Portway authors"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  IntFmt $0 "0x%08X" $0
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" "$0"
SectionEnd

Section "$(IN_PATH)" in_path
  !insertmacro CHANGE_PATH "add"
SectionEnd

Section "Uninstall"
  Call un.EndRunning
  !insertmacro CHANGE_PATH "remove"
  ; Only what this installer brought: the folder may have been chosen by hand, and hold other things.
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\LICENSE"
  Delete "$INSTDIR\THIRD-PARTY-NOTICES.txt"
  Delete "$INSTDIR\path.ps1"
  Delete "$INSTDIR\portway.ico"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  ; Settings in Portway may have written this; the value of another installation stays.
  StrLen $1 "$INSTDIR\"
  ReadRegStr $0 HKCU "${RUN_KEY}" "${NAME}"
  StrCpy $2 $0 $1
  StrCpy $3 $0 $1 1 ; in quotes
  StrCmp $2 "$INSTDIR\" ours
  StrCmp $3 "$INSTDIR\" ours others
  ours:
  DeleteRegValue HKCU "${RUN_KEY}" "${NAME}"
  others:
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
SectionEnd
